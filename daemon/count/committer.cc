#include "daemon/count/committer.h"

#include <algorithm>
#include <utility>

#include "daemon/config/shipment_name.h"
#include "daemon/system/log.h"

namespace bouncesight {

Committer::Committer(StateStore& store, Totals totals, const Clock& clock, PublishedBox& box,
                     StateRecord restored, HistorySink* history)
    : store_(store),
      totals_(std::move(totals)),
      clock_(clock),
      box_(box),
      history_(history),
      restored_(std::move(restored.blobs)),
      tables_(std::move(restored.tables)),
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

void Committer::Commit(std::vector<WorkerAnswer> answers) {
  stale_ = Merge(answers) || stale_;
  const bool write = NeedsWrite();
  // What was noted is part of what is new, so a write follows.
  if (history_ != nullptr && !noted_.empty()) {
    history_->Take(store_.next_generation(), std::exchange(noted_, {}));
  }
  if (!write || Write()) {
    now_.committed = clock_.Steady();
    now_.commits = store_.generation();
  } else {
    ++now_.failures;
  }
  now_.bytes_written = store_.bytes_written();
  box_.Set(std::make_shared<const Published>(now_));
}

bool Committer::NeedsWrite() const {
  return stale_ || clock_.Steady() - last_write_ >= kLongestIdle;
}

bool Committer::Merge(std::vector<WorkerAnswer>& answers) {
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

bool Committer::Take(std::vector<WorkerAnswer>& answers) {
  last_.resize(answers.size());
  bool counted = false;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i].over) continue;
    for (const auto& tally : answers[i].over->tallies) {
      counted = counted || !tally->sources().empty();
      totals_.Merge(*tally);
    }
    answers[i].over->tallies.clear();
    for (auto& batch : answers[i].over->history) noted_.push_back(std::move(batch));
    answers[i].over->history.clear();
    tables_.Add(i, std::move(answers[i].over->tables));
    last_[i] = std::move(answers[i].over);
    answers[i].over.reset();
  }
  const auto blobs_before = std::exchange(blobs_, {});
  Combine(answers);
  return counted || blobs_ != blobs_before;
}

void Committer::Combine(const std::vector<WorkerAnswer>& answers) {
  now_.sources.clear();
  now_.shippers.clear();
  bool caught_up = true;
  bool ended = true;
  for (const auto& over : last_) {
    ended = ended && over && over->ended;
    if (!over) continue;
    blobs_.insert(blobs_.end(), over->blobs.begin(), over->blobs.end());
    for (const LiveSource& live : over->live) {
      if (live.shipper) now_.shippers.push_back(*live.shipper);
      if (!live.shipper) now_.sources.push_back(live);
    }
  }
  if (std::all_of(last_.begin(), last_.end(), [](const auto& over) { return over.has_value(); })) {
    restored_.clear();
    tables_.ForgetUnclaimed();
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

// What sends a source's lines reads the same files.
void Committer::NoteHung(const std::string& in_hand) {
  const std::string source(SourceOf(in_hand));
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
  const Status status = WriteState(*snapshot);
  if (!status) {
    if (!failing_) {
      LogError("{}; counters stand still until it can be written", status.error().message);
    }
    failing_ = true;
    return false;
  }
  if (failing_) LogInfo("the state can be written again; counters go on");
  failing_ = false;
  stale_ = false;
  last_write_ = clock_.Steady();
  now_.snapshot = std::move(snapshot);
  written_blobs_ = blobs_;
  tables_.NoteWritten();
  return true;
}

Status Committer::WriteState(const Snapshot& snapshot) {
  const StateStore::Need need = store_.need();
  if (need != StateStore::Need::kRecord) {
    Status written = store_.WriteChange(EncodeChange(
        {*now_.snapshot, written_blobs_}, {snapshot, blobs_}, tables_.Changes(), tables_.Gone()));
    if (need == StateStore::Need::kChange) return written;
    // The change is what counts: a record that cannot be written is due again at the next commit.
    if (written) {
      Fold(snapshot);
      return Ok{};
    }
  }
  const Result<std::string> record = WholeRecord(snapshot);
  return record ? store_.WriteRecord(*record) : Status(record.error());
}

void Committer::Fold(const Snapshot& snapshot) {
  const Result<std::string> record = WholeRecord(snapshot);
  const Status status = record ? store_.Fold(*record) : Status(record.error());
  if (!status && !fold_failing_) {
    LogWarning("{}; counters go on, and the log of the state grows", status.error().message);
  }
  fold_failing_ = !status;
}

Result<std::string> Committer::WholeRecord(const Snapshot& snapshot) const {
  StateRecord on_disk;
  if (tables_.wants_whole()) {  // a worker hangs: of its tables the disk has what it gave last
    const auto load = store_.Read();
    if (!load) return load.error();
    auto record = DecodeState(load->record.value_or(""), load->changes);
    if (record) on_disk = std::move(*record);
  }
  const auto tables = tables_.Whole(on_disk.tables);
  if (!tables) return tables.error();
  return EncodeState(snapshot, blobs_, *tables);
}

}  // namespace bouncesight
