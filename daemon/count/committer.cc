#include "daemon/count/committer.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace bouncesight {

Committer::Committer(StateStore& store, Totals totals, const Clock& clock, PublishedBox& box,
                     std::vector<StateBlob> restored)
    : store_(store),
      totals_(std::move(totals)),
      clock_(clock),
      box_(box),
      restored_(std::move(restored)),
      last_commit_(clock.Steady()),
      last_write_(clock.Steady()) {
  now_.snapshot = totals_.Publish();
  now_.committed = clock.Steady();
  now_.commits = store.generation();  // of all runs: a counter never falls
  box_.Set(std::make_shared<const Published>(now_));
}

void Committer::AddNames(std::shared_ptr<const RuleNames> names) {
  const MutexLock lock(names_mutex_);
  new_names_.push_back(std::move(names));
}

void Committer::AddSource(std::string name, std::optional<Mta> mta) {
  const MutexLock lock(names_mutex_);
  new_sources_.emplace_back(std::move(name), mta);
}

void Committer::Commit(std::vector<Answer> answers) {
  if (Merge(answers)) stale_slots_ = StateStore::kSlots;
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

bool Committer::Merge(std::vector<Answer>& answers) {
  std::vector<std::shared_ptr<const RuleNames>> names;
  std::vector<std::pair<std::string, std::optional<Mta>>> sources;
  {
    const MutexLock lock(names_mutex_);
    names.swap(new_names_);
    sources.swap(new_sources_);
  }
  for (const auto& [name, mta] : sources) totals_.AddSource(name, mta);
  for (const auto& some : names) totals_.AddNames(*some);
  const bool news = Take(answers) || !names.empty() || !sources.empty();
  const auto passed =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.Steady() - last_commit_);
  last_commit_ += passed;
  totals_.Advance(static_cast<std::uint64_t>(passed.count()));
  return news;
}

bool Committer::Take(std::vector<Answer>& answers) {
  last_.resize(answers.size());
  bool counted = false;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i].over) continue;
    for (const auto& tally : answers[i].over->tallies) {
      counted = counted || !tally->sources().empty();
      totals_.Merge(*tally);
    }
    answers[i].over->tallies.clear();
    last_[i] = std::move(answers[i].over);
    answers[i].over.reset();
  }
  const auto blobs_before = std::exchange(blobs_, {});
  Combine(answers);
  return counted || blobs_ != blobs_before;
}

void Committer::Combine(const std::vector<Answer>& answers) {
  now_.sources.clear();
  bool caught_up = true;
  bool ended = true;
  for (const auto& over : last_) {
    ended = ended && over && over->ended;
    if (!over) continue;
    blobs_.insert(blobs_.end(), over->blobs.begin(), over->blobs.end());
    now_.sources.insert(now_.sources.end(), over->live.begin(), over->live.end());
  }
  if (std::all_of(last_.begin(), last_.end(), [](const auto& over) { return over.has_value(); })) {
    restored_.clear();
  }
  const std::size_t answered = blobs_.size();
  for (const StateBlob& blob : restored_) {
    const auto end = blobs_.begin() + static_cast<std::ptrdiff_t>(answered);
    const auto same = [&](const StateBlob& other) { return other.key == blob.key; };
    if (std::none_of(blobs_.begin(), end, same)) blobs_.push_back(blob);
  }
  for (std::size_t i = 0; i < last_.size(); ++i) {
    // What hangs is not waited for.
    caught_up = caught_up && (!answers[i].hung.empty() || (last_[i] && last_[i]->caught_up));
    if (!answers[i].hung.empty()) NoteHung(answers[i].hung);
  }
  now_.caught_up = now_.caught_up || caught_up;
  now_.ended = ended && !now_.sources.empty();
}

void Committer::NoteHung(const std::string& source) {
  auto found = std::find_if(now_.sources.begin(), now_.sources.end(),
                            [&](const LiveSource& live) { return live.name == source; });
  if (found == now_.sources.end()) {
    found = now_.sources.emplace(found);
    found->name = source;
  }
  if (!found->files) found->files.emplace();
  found->files->hung = 1;
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
