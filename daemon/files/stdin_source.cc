#include "daemon/files/stdin_source.h"

#include <cerrno>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fcntl.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "daemon/system/fs.h"

namespace bouncesight {
namespace {

constexpr int kFarewellTurns = 64;  // 4 MiB; a writer may go on for ever

}  // namespace

// Calls the source's turns while there is something to read. A plain file cannot be waited for, and
// need not be: each turn finds more of it.
class StdinSource::Waker : public std::enable_shared_from_this<Waker> {
 public:
  Waker(StdinSource& source, boost::asio::io_context& io) : source_(source), descriptor_(io) {
    const int copy = ::fcntl(source.fd_, F_DUPFD_CLOEXEC, 0);
    boost::system::error_code failed;
    if (copy < 0) return;
    descriptor_.assign(copy, failed);
    if (failed) ::close(copy);
  }

  void Wait() {
    if (waiting_ || !descriptor_.is_open()) return;
    waiting_ = true;
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [weak = weak_from_this()](boost::system::error_code error) {
                             const auto self = weak.lock();
                             if (self) self->Woken(error);
                           });
  }
  void Woken(boost::system::error_code error) {
    waiting_ = false;
    if (error) return Stop();
    source_.Turn();
  }
  void Stop() {
    boost::system::error_code ignored;
    descriptor_.close(ignored);
  }

 private:
  StdinSource& source_;
  boost::asio::posix::stream_descriptor descriptor_;
  bool waiting_ = false;
};

StdinSource::StdinSource(std::string name, int fd, const Clock& clock, StreamFactory& streams,
                         boost::asio::io_context* io)
    : name_(std::move(name)),
      fd_(fd),
      clock_(clock),
      stream_(streams.NewStream(0)),
      buffer_(kTurnBytes) {
  if (io != nullptr) waker_ = std::make_shared<Waker>(*this, *io);
}

StdinSource::~StdinSource() = default;

bool StdinSource::Turn() {
  if (ended_) return false;
  pollfd waits{fd_, POLLIN, 0};
  if (::poll(&waits, 1, 0) <= 0) {
    caught_up_ = true;
    if (waker_) waker_->Wait();
    return false;
  }
  const ssize_t n = ::read(fd_, buffer_.data(), buffer_.size());
  if (n > 0) {
    stream_->Feed({buffer_.data(), static_cast<std::size_t>(n)});
    const std::chrono::duration<double> now = clock_.Wall().time_since_epoch();
    last_line_timestamp_ = now.count();
    if (waker_) waker_->Wait();
    return true;
  }
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return false;
  End(n == 0 ? "has ended" : "cannot be read: " + ErrorText(errno));
  return false;
}

void StdinSource::End(const std::string& why) {
  spdlog::info("source {}: standard input {}", name_, why);
  stream_->Finish();
  ended_ = caught_up_ = true;
  if (waker_) waker_->Stop();
}

// What stands in the pipe: nobody can read it later.
void StdinSource::Farewell() {
  for (int turns = 0; turns < kFarewellTurns && Turn(); ++turns) {
  }
}

void StdinSource::Describe(LiveSource& live) {
  live.last_line_timestamp_seconds = last_line_timestamp_;
}

}  // namespace bouncesight
