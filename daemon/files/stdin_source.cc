#include "daemon/files/stdin_source.h"

#include <cerrno>

#include "daemon/system/fs.h"
#include "daemon/system/log.h"

namespace bouncesight {
namespace {

constexpr int kFarewellTurns = 64;  // 4 MiB; a writer may go on for ever

}  // namespace

StdinSource::StdinSource(std::string name, int fd, const Clock& clock, StreamFactory& streams,
                         boost::asio::io_context* io)
    : name_(std::move(name)),
      input_(fd),
      clock_(clock),
      stream_(streams.NewStream(0)),
      buffer_(kTurnBytes) {
  if (io == nullptr) return;
  readiness_.emplace(*io);
  // A plain file cannot be waited for, and need not be: each turn finds more of it.
  if (!readiness_->Add(fd, this)) readiness_.reset();
}

StdinSource::~StdinSource() = default;

bool StdinSource::Turn() {
  if (ended_) return false;
  if (readiness_) readiness_->Poll([](void*) {});
  if (!input_.HasNews()) {
    caught_up_ = true;
    if (readiness_) readiness_->WakeOnNews(wake_);
    return false;
  }
  const std::int64_t n = input_.Read(buffer_);
  if (n > 0) {
    stream_->Feed({buffer_.data(), static_cast<std::size_t>(n)});
    const std::chrono::duration<double> now = clock_.Wall().time_since_epoch();
    last_line_timestamp_ = now.count();
    return true;
  }
  if (n == -EAGAIN) return false;
  if (n < 0) {
    LogError("source {}: standard input cannot be read: {}; no more of it is counted", name_,
             ErrorText(n));
  } else {
    LogInfo("source {}: standard input has ended", name_);
  }
  End();
  return false;
}

void StdinSource::End() {
  stream_->Finish();
  ended_ = caught_up_ = true;
  readiness_.reset();
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
