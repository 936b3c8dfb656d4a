// The thread that commits each interval, and once more at the end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "daemon/count/committer.h"
#include "daemon/count/worker.h"

namespace bouncesight {

class CommitLoop {
 public:
  using Workers = std::vector<std::unique_ptr<Worker>>;

  // `committed` is called on the loop's thread after each commit in which every worker took part.
  // All references must outlive the loop.
  CommitLoop(Committer& committer, Workers& workers, std::chrono::milliseconds interval,
             std::function<void()> committed);
  ~CommitLoop();

  void Start();
  // Commits a last time if every worker answers within `patience`, and ends the thread.
  void Stop(std::chrono::milliseconds patience);

 private:
  void Run();
  // False: the loop is ending, and a worker has not answered in time.
  bool CommitOnce();

  Committer& committer_;
  Workers& workers_;
  std::chrono::milliseconds interval_;
  std::function<void()> committed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point deadline_;
  std::thread thread_;
};

}  // namespace bouncesight
