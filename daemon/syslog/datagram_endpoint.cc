#include "daemon/syslog/datagram_endpoint.h"

#include <algorithm>
#include <cerrno>

#include "daemon/syslog/syslog_framer.h"
#include "parsers/text/scan.h"

namespace bouncesight {

namespace {

// A sender that ends its messages with NULs may put several into one datagram, too.
void FeedMessages(std::string_view text, LineStream& lines) {
  constexpr std::string_view kNext("\0<", 2);
  for (auto end = text.find(kNext); end != std::string_view::npos; end = text.find(kNext)) {
    lines.Feed(text.substr(0, end));
    lines.Feed("\n");
    text.remove_prefix(end + 1);
  }
  lines.Feed(text);
}

}  // namespace

DatagramEndpoint::DatagramEndpoint(std::shared_ptr<ListenSocket> socket, StreamFactory& streams,
                                   DatagramBatch& batch, SyslogShared& shared)
    : socket_(std::move(socket)), lines_(streams.NewStream(0)), batch_(batch), shared_(shared) {}

Slice DatagramEndpoint::Read() {
  Slice slice;
  const std::size_t received = batch_.Receive(socket_->fd());
  if (received == 0) {
    const bool well = errno == EAGAIN || errno == EWOULDBLOCK;
    slice.remaining = well ? Remaining::kDry : Remaining::kLater;
    return slice;
  }
  socket_->NoteDrops(batch_.drops());
  for (std::size_t i = 0; i < received; ++i) {
    const auto datagram = batch_.Get(i);
    slice.bytes += datagram.bytes.size();
    Take(datagram);
  }
  slice.remaining = Remaining::kMore;  // only EAGAIN says that there are no more
  return slice;
}

void DatagramEndpoint::Take(const DatagramBatch::Datagram& datagram) {
  if (!shared_.Allows(datagram.peer)) return shared_.Count(DatagramResult::kDenied);
  const std::string_view text = DatagramText(datagram.bytes);
  if (text.empty()) return shared_.Count(DatagramResult::kEmpty);
  if (shared_.rates.limited()) {
    const std::uint64_t lines = CountOf(text, '\n') + 1;
    if (!shared_.rates.Take(datagram.peer, lines, shared_.now)) {
      return shared_.Count(DatagramResult::kRateLimited);
    }
  }
  shared_.Count(datagram.truncated ? DatagramResult::kTruncated : DatagramResult::kAccepted);
  shared_.heard = true;
  FeedMessages(text, *lines_);
  lines_->Finish();
}

}  // namespace bouncesight
