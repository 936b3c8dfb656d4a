// What is counted twice is said: files that two sources follow at once, and files that hold the
// same lines a minute later, when all logs are there. A look at the disk may hang, and nothing may
// wait for it: each is made on a thread of its own, one at a time, which is left behind where it
// does not return.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/system/clock.h"
#include "daemon/system/fs.h"
#include "daemon/system/mutex.h"

namespace bouncesight {

// Thread-safe.
class OverlapWatch {
 public:
  static constexpr std::chrono::seconds kPatience{60};

  // `clock` must outlive the watch; a look that hangs keeps the file system alive.
  OverlapWatch(std::shared_ptr<FileSystem> fs, const Clock& clock);

  // These are followed from now on. Returns at once.
  void Watch(std::vector<SourceConfig> sources);
  // Looks again when it is time. Cheap; call it often.
  void Tick();

  // Does a look go on, or hang?
  bool busy() const;
  // Returns when no look goes on.
  void Wait() const;

 private:
  using Sources = std::shared_ptr<const std::vector<SourceConfig>>;
  using Words = std::vector<std::string> (*)(const std::vector<SourceConfig>&, FileSystem&);

  void Look() REQUIRES(mutex_);
  bool Busy() const REQUIRES(mutex_);
  bool Start(Words words) REQUIRES(mutex_);  // false: there is no thread to be had now

  const std::shared_ptr<FileSystem> fs_;
  const Clock& clock_;
  mutable Mutex mutex_;
  Sources sources_ GUARDED_BY(mutex_);
  bool is_new_ GUARDED_BY(mutex_) = false;  // nothing has looked at these sources yet
  std::optional<std::chrono::steady_clock::time_point> due_ GUARDED_BY(mutex_);
  std::shared_future<void> latest_ GUARDED_BY(mutex_);
};

}  // namespace bouncesight
