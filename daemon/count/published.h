// What the committer shows to everybody else: the last committed snapshot, and how it stands.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/system/mutex.h"
#include "metrics/live.h"
#include "metrics/snapshot.h"

namespace bouncesight {

struct Published {
  std::shared_ptr<const Snapshot> snapshot;         // never null
  std::vector<LiveSource> sources;                  // as of the last collection, committed or not
  std::vector<LiveShipper> shippers;                // the same
  std::chrono::steady_clock::time_point committed;  // when, or when the daemon started
  std::uint64_t commits = 0;
  std::uint64_t failures = 0;
  std::uint64_t bytes_written = 0;  // to the state, since the daemon started
  bool caught_up = false;
  bool ended = false;  // all that will ever be counted is
};

// The newest Published. Thread-safe; readers get an immutable one.
class PublishedBox {
 public:
  void Set(std::shared_ptr<const Published> published) {
    const MutexLock lock(mutex_);
    published_ = std::move(published);
  }
  std::shared_ptr<const Published> Get() const {
    const MutexLock lock(mutex_);
    return published_;
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const Published> published_ GUARDED_BY(mutex_);
};

}  // namespace bouncesight
