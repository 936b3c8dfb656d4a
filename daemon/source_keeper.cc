#include "daemon/source_keeper.h"

#include <algorithm>
#include <chrono>

#include "daemon/system/log.h"

namespace bouncesight {

SourceKeeper::SourceKeeper(CommitLoop::Workers& workers, Maker maker)
    : workers_(workers), maker_(std::move(maker)) {}

std::size_t SourceKeeper::WorkersFor(std::size_t configured, std::size_t sources) {
  return std::max(configured, std::min(sources, kMostAlone));
}

Status SourceKeeper::Open(const std::vector<SourceConfig>& sources, const StateRecord& restored) {
  for (const SourceConfig& source : sources) {
    auto maker = maker_(source);
    if (!maker) return maker.error();
    const std::size_t worker = sources_.size() % workers_.size();
    workers_[worker]->AddSource(source.name, source.lines, *maker, restored);
    sources_.push_back({source, worker});
  }
  return Ok{};
}

Status SourceKeeper::Prepare(const std::vector<SourceConfig>& sources) {
  next_.clear();
  changes_.assign(workers_.size(), {});
  for (const SourceConfig& source : sources) {
    const FollowedSource* before = Find(sources_, source.name);
    if (before && before->config == source) {
      next_.push_back(*before);
      continue;
    }
    auto maker = maker_(source);
    if (!maker) {
      Forget();
      return maker.error();
    }
    const std::size_t worker = before ? before->worker : LeastBusy(next_);
    const bool goes_on = before && before->config.type == source.type;
    if (before && !goes_on) changes_[worker].removed.push_back(source.name);
    changes_[worker].added.push_back({source.name, source.lines, *maker});
    next_.push_back({source, worker});
  }
  for (const FollowedSource& before : sources_) {
    if (!Find(next_, before.config.name)) {
      changes_[before.worker].removed.push_back(before.config.name);
    }
  }
  return Ok{};
}

std::size_t SourceKeeper::Apply() {
  std::vector<std::future<void>> done;
  const std::size_t touched = Hand([&done](Worker& worker, Worker::SourceChanges changes) {
    done.push_back(worker.ChangeSources(std::move(changes)));
  });
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (auto& each : done) {
    if (each.wait_until(deadline) == std::future_status::ready) continue;
    LogWarning("a source hangs: what changes on its worker is in force when it answers");
  }
  return touched;
}

std::size_t SourceKeeper::ApplyNow() {
  return Hand([](Worker& worker, const Worker::SourceChanges& changes) {
    worker.ChangeSourcesNow(changes);
  });
}

std::size_t SourceKeeper::Hand(const std::function<void(Worker&, Worker::SourceChanges)>& over) {
  if (changes_.empty()) return 0;
  std::size_t touched = 0;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const std::size_t count = changes_[i].removed.size() + changes_[i].added.size();
    if (count == 0) continue;
    touched += count;
    over(*workers_[i], std::move(changes_[i]));
  }
  sources_ = std::move(next_);
  Forget();
  return touched;
}

void SourceKeeper::Forget() {
  changes_.clear();
  next_.clear();
}

SourceKeeper::FollowedSource* SourceKeeper::Find(std::vector<FollowedSource>& among,
                                                 const std::string& name) {
  const auto found = std::find_if(among.begin(), among.end(), [&](const FollowedSource& each) {
    return each.config.name == name;
  });
  return found == among.end() ? nullptr : &*found;
}

std::size_t SourceKeeper::LeastBusy(const std::vector<FollowedSource>& sources) const {
  std::vector<std::size_t> counts(workers_.size(), 0);
  for (const std::vector<FollowedSource>* list : {&sources_, &sources}) {
    for (const FollowedSource& each : *list) ++counts[each.worker];
  }
  return static_cast<std::size_t>(std::min_element(counts.begin(), counts.end()) - counts.begin());
}

}  // namespace bouncesight
