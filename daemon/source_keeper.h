// Which source belongs to which worker, and their replacement while the daemon runs. A source whose
// configuration is as before is not touched; a changed one goes on where the one before it stood,
// unless its type is another; one that is gone is counted up to its end and forgotten, and its
// counters stay.
//
// Open before the workers start; Prepare and Apply on one thread after that.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/commit_loop.h"
#include "daemon/source_maker.h"

namespace bouncesight {

class SourceKeeper {
 public:
  using Maker = std::function<Result<Worker::SourceMaker>(const SourceConfig&)>;

  static constexpr std::chrono::seconds kPatience{5};

  // `workers` must outlive the keeper and not change in number once Open was called.
  SourceKeeper(CommitLoop::Workers& workers, Maker maker);

  // How many workers there must be: one per source, so that one which does not answer holds up no
  // other, up to kMostAlone; more where `configured` says so.
  static constexpr std::size_t kMostAlone = 8;
  static std::size_t WorkersFor(std::size_t configured, std::size_t sources);

  Status Open(const std::vector<SourceConfig>& sources, const StateRecord& restored);

  // Works out what must change so that `sources` are followed. An Error: one of them cannot be
  // made, and nothing will change. What is made holds sockets and clients until Apply or Forget.
  Status Prepare(const std::vector<SourceConfig>& sources);
  // Does it, and returns when every worker has, or after kPatience: a worker that hangs makes its
  // changes when it goes on. Gives the number of sources that were touched; 0 after a Prepare that
  // failed.
  std::size_t Apply();
  // Nothing of what Prepare found will be done.
  void Forget();

  // Apply for workers without threads, for tests.
  std::size_t ApplyNow();

 private:
  struct FollowedSource {
    SourceConfig config;
    std::size_t worker = 0;
  };

  std::size_t Hand(const std::function<void(Worker&, Worker::SourceChanges)>& over);
  FollowedSource* Find(std::vector<FollowedSource>& among, const std::string& name);
  std::size_t LeastBusy(const std::vector<FollowedSource>& sources) const;

  CommitLoop::Workers& workers_;
  Maker maker_;
  std::vector<FollowedSource> sources_;
  std::vector<FollowedSource> next_;            // what Prepare found
  std::vector<Worker::SourceChanges> changes_;  // the same, for each worker
};

}  // namespace bouncesight
