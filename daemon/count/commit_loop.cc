#include "daemon/count/commit_loop.h"

#include <algorithm>

namespace bouncesight {
namespace {

// Until the sources have caught up: to be ready soon.
constexpr std::chrono::milliseconds kEager{100};

}  // namespace

CommitLoop::CommitLoop(Committer& committer, Workers& workers, std::chrono::milliseconds interval,
                       std::function<void()> committed)
    : committer_(committer),
      workers_(workers),
      interval_(interval),
      committed_(std::move(committed)) {}

CommitLoop::~CommitLoop() { Stop(std::chrono::milliseconds(0)); }

void CommitLoop::Start() {
  thread_ = std::thread([this] { Run(); });
}

void CommitLoop::Stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    deadline_ = std::chrono::steady_clock::now() + patience;
  }
  wake_.notify_all();
  thread_.join();
}

void CommitLoop::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    CommitOnce();
    lock.lock();
    const auto wait = committer_.caught_up() ? interval_ : std::min(interval_, kEager);
    wake_.wait_for(lock, wait, [this] { return stopping_; });
  }
  lock.unlock();
  CommitOnce();
}

bool CommitLoop::CommitOnce() {
  std::vector<std::future<HandOver>> futures;
  for (auto& worker : workers_) futures.push_back(worker->Collect());
  std::vector<HandOver> overs;
  for (auto& future : futures) {
    // A record without one worker's positions would lose them: all or none.
    while (future.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
      const std::lock_guard lock(mutex_);
      if (stopping_ && std::chrono::steady_clock::now() >= deadline_) return false;
    }
    overs.push_back(future.get());
  }
  committer_.Commit([&] { return std::move(overs); });
  committed_();
  return true;
}

}  // namespace bouncesight
