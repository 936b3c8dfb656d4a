#include "daemon/syslog/stream_connection.h"

#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "daemon/system/log.h"
#include "daemon/system/net/stream_socket.h"

namespace bouncesight {
namespace {

// A step of a TLS handshake is dear: for so much of a turn's bytes it counts.
constexpr std::size_t kGreetingCost = 8 * 1024;

}  // namespace

void StreamConnection::FreeSsl::operator()(ssl_st* ssl) const { ::SSL_free(ssl); }

StreamConnection::StreamConnection(OwnedFd fd, const PeerAddress& peer, const TlsContext& tls,
                                   std::unique_ptr<LineStream> lines, SyslogShared& shared)
    : fd_(std::move(fd)),
      peer_(peer),
      context_(tls),
      lines_(std::move(lines)),
      shared_(shared),
      since_(shared.now) {
  if (!peer_.local) KeepAlive(fd_.get());
  if (!context_) return;
  tls_.reset(::SSL_new(context_.get()));
  if (!tls_) return;  // no memory: Read ends it
  ::SSL_set_fd(tls_.get(), fd_.get());
  ::SSL_set_accept_state(tls_.get());
  ::SSL_set_mode(tls_.get(), SSL_MODE_RELEASE_BUFFERS);
}

StreamConnection::~StreamConnection() = default;

Slice StreamConnection::Read() {
  Slice slice;
  if (context_ && !tls_) return Gone(ConnectionEnd::kNoHandshake);
  if (in_handshake()) {
    slice = {kGreetingCost, Greet()};
    if (slice.remaining != Remaining::kMore) return slice;
  }
  if (!shared_.rates.MayRead(peer_, shared_.now)) {
    slice.remaining =
        Remaining::kLater;  // what it sends waits in its kernel, and then in the sender
    return slice;
  }
  std::array<char, kSliceBytes> bytes;
  slice.remaining = Remaining::kMore;
  const std::ptrdiff_t count = Receive(bytes.data(), bytes.size(), slice.remaining);
  if (count < 0) return slice;
  if (count == 0) return Gone(ConnectionEnd::kClosed);
  slice.bytes += static_cast<std::size_t>(count);
  since_ = shared_.now;
  shared_.heard = true;
  const std::uint64_t before = framer_.messages();
  const std::uint64_t wrong = framer_.wrong_counts();
  framer_.Feed({bytes.data(), static_cast<std::size_t>(count)}, *lines_);
  shared_.rates.Charge(peer_, framer_.messages() - before, shared_.now);
  TellWrongCounts(framer_.wrong_counts() - wrong);
  return slice;
}

std::ptrdiff_t StreamConnection::Receive(char* to, std::size_t size, Remaining& instead) {
  if (tls_) return ReceiveTls(to, size, instead);
  std::size_t count = 0;
  switch (ReceiveNow(fd_.get(), {to, size}, count)) {
    case Received::kBytes:
      return static_cast<std::ptrdiff_t>(count);
    case Received::kEnd:
      return 0;
    case Received::kNothingYet:
      instead = Remaining::kDry;
      break;
    case Received::kLater:
      instead = Remaining::kLater;
      break;
    case Received::kAgain:
      break;
  }
  return -1;
}

std::ptrdiff_t StreamConnection::ReceiveTls(char* to, std::size_t size, Remaining& instead) {
  ::ERR_clear_error();
  const int count = ::SSL_read(tls_.get(), to, static_cast<int>(size));
  if (count > 0) return count;
  const int error = ::SSL_get_error(tls_.get(), count);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return 0;
  instead = Remaining::kDry;
  return -1;
}

// kMore: it is greeted.
Remaining StreamConnection::Greet() {
  ::ERR_clear_error();
  const int result = ::SSL_accept(tls_.get());
  if (result == 1) {
    greeted_ = true;
    since_ = shared_.now;
    return Remaining::kMore;
  }
  const int error = ::SSL_get_error(tls_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Remaining::kDry;
  if (shared_.MayLog()) {
    const char* reason = ::ERR_reason_error_string(::ERR_get_error());
    LogWarning("source {}: TLS with {} failed: {}", shared_.name, peer_.Text(),
               reason != nullptr ? reason : "the peer has closed the connection");
  }
  return Gone(ConnectionEnd::kNoHandshake).remaining;
}

void StreamConnection::TellWrongCounts(std::uint64_t how_many) {
  for (std::uint64_t i = 0; i < how_many; ++i) shared_.Count(ConnectionEnd::kBadFrame);
  if (how_many == 0 || !shared_.MayLog()) return;
  LogWarning(
      "source {}: {} sends messages whose octet count is wrong; going on at the next one. Is its "
      "framing octet-counted?",
      shared_.name, peer_.Text());
}

Slice StreamConnection::Gone(ConnectionEnd why) {
  End(why);
  return {0, Remaining::kGone};
}

void StreamConnection::End(ConnectionEnd why) {
  if (ended_) return;
  ended_ = true;
  framer_.Finish(*lines_);
  if (tls_ && greeted_) ::SSL_shutdown(tls_.get());
  shared_.Count(why);
}

}  // namespace bouncesight
