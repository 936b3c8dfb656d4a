#include "daemon/count/committer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <spdlog/spdlog.h>

namespace bouncesight {

Committer::Committer(StateStore& store, Totals totals, const Clock& clock, PublishedBox& box)
    : store_(store),
      totals_(std::move(totals)),
      clock_(clock),
      box_(box),
      last_commit_(clock.Steady()),
      last_write_(clock.Steady()) {
  now_.snapshot = totals_.Publish();
  now_.committed = clock.Steady();
  now_.commits = store.generation();  // of all runs: a counter never falls
  box_.Set(std::make_shared<const Published>(now_));
}

void Committer::AddNames(std::shared_ptr<const RuleNames> names) {
  const std::lock_guard lock(names_mutex_);
  new_names_.push_back(std::move(names));
}

void Committer::AddSource(std::string name, std::optional<Mta> mta) {
  const std::lock_guard lock(names_mutex_);
  new_sources_.emplace_back(std::move(name), mta);
}

void Committer::Commit(const Collect& collect) {
  auto overs = collect();
  if (Merge(overs)) stale_slots_ = StateStore::kSlots;
  const bool write = NeedsWrite();
  if (!write || Write()) {
    now_.committed = clock_.Steady();
    now_.commits = store_.generation();
  } else {
    ++now_.failures;
  }
  box_.Set(std::make_shared<const Published>(now_));
}

bool Committer::NeedsWrite() const {
  return stale_slots_ > 0 || clock_.Steady() - last_write_ >= kLongestIdle;
}

bool Committer::Merge(std::vector<HandOver>& overs) {
  std::vector<std::shared_ptr<const RuleNames>> names;
  std::vector<std::pair<std::string, std::optional<Mta>>> sources;
  {
    const std::lock_guard lock(names_mutex_);
    names.swap(new_names_);
    sources.swap(new_sources_);
  }
  for (const auto& [name, mta] : sources) totals_.AddSource(name, mta);
  for (const auto& some : names) totals_.AddNames(*some);
  const bool news = Collected(overs) || !names.empty() || !sources.empty();
  const auto passed =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.Steady() - last_commit_);
  last_commit_ += passed;
  totals_.Advance(static_cast<std::uint64_t>(passed.count()));
  return news;
}

bool Committer::Collected(std::vector<HandOver>& overs) {
  const auto blobs_before = std::exchange(blobs_, {});
  now_.sources.clear();
  bool counted = false;
  bool caught_up = true;
  bool ended = true;
  for (auto& over : overs) {
    for (const auto& tally : over.tallies) {
      counted = counted || !tally->sources().empty();
      totals_.Merge(*tally);
    }
    std::move(over.blobs.begin(), over.blobs.end(), std::back_inserter(blobs_));
    std::move(over.live.begin(), over.live.end(), std::back_inserter(now_.sources));
    caught_up = caught_up && over.caught_up;
    ended = ended && over.ended;
  }
  now_.caught_up = now_.caught_up || caught_up;
  now_.ended = ended && !now_.sources.empty();
  return counted || blobs_ != blobs_before;
}

bool Committer::Write() {
  auto snapshot = totals_.Publish();
  const Status status = store_.Write(EncodeState(*snapshot, blobs_));
  if (!status) {
    if (!failing_) {
      spdlog::error("{}; counters stand still until it can be written", status.error().message);
    }
    failing_ = true;
    return false;
  }
  if (failing_) spdlog::info("the state can be written again; counters go on");
  failing_ = false;
  stale_slots_ = std::max(stale_slots_ - 1, 0);
  last_write_ = clock_.Steady();
  now_.snapshot = std::move(snapshot);
  return true;
}

}  // namespace bouncesight
