#include "daemon/count/worker.h"

#include <algorithm>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/config/shipment_name.h"
#include "daemon/system/log.h"

namespace bouncesight {
namespace {

constexpr std::chrono::milliseconds kIdle{250};
// After news: what else comes meanwhile is read in the same turn, which is far cheaper than a turn
// for each datagram. The smallest receive buffer of a kernel holds more than comes in so little
// time.
constexpr std::chrono::milliseconds kGather{1};

template <typename Keyed>
const Keyed* Find(const std::vector<Keyed>& all, const std::string& key) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Keyed& one) { return one.key == key; });
  return found == all.end() ? nullptr : &*found;
}

TableChange ChangeOf(const std::string& key, TablePiece piece) {
  TableChange change{key, piece.whole, {}};
  if (!piece.empty()) change.pieces.push_back(std::move(piece.bytes));
  return change;
}

}  // namespace

struct Worker::Entry {
  Entry(std::string name, ReaderOptions options, Counters& counters)
      : counting(std::move(name), std::move(options), counters) {}

  SourceCounting counting;
  std::unique_ptr<Source> source;
};

// Notes whose turn it is, so that a call that never comes back can be told from outside. Once per
// turn of a source, not per line.
class Worker::Handling {
 public:
  Handling(Worker& worker, const Entry& entry) : worker_(worker) {
    const MutexLock lock(worker_.in_hand_mutex_);
    worker_.in_hand_ = entry.counting.source();
  }
  ~Handling() {
    const MutexLock lock(worker_.in_hand_mutex_);
    worker_.in_hand_.clear();
  }
  Handling(const Handling&) = delete;
  Handling& operator=(const Handling&) = delete;

 private:
  Worker& worker_;
};

struct Worker::Loop {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{io.get_executor()};
  boost::asio::steady_timer timer{io};
  bool resting = false;  // else a turn is posted
};

Worker::Worker(std::shared_ptr<const RuleSet> rules, const std::shared_ptr<const RuleNames>& names,
               TallyLimits limits, HistoryBatchMaker history, std::shared_ptr<MemoryBudget> queues)
    : limits_(limits),
      history_(std::move(history)),
      counters_{names, Classifier(std::move(rules)), std::make_unique<Tally>(names, limits),
                limits.accounts},
      loop_(std::make_unique<Loop>()) {
  counters_.history = NewHistory();
  counters_.queues = std::move(queues);
}

Worker::~Worker() {
  Stop();
  entries_.clear();  // sources may hold sockets of the loop
}

std::unique_ptr<HistoryBatch> Worker::NewHistory() const {
  return history_ ? history_(counters_.names) : nullptr;
}

void Worker::AddSource(const std::string& name, ReaderOptions options, const SourceMaker& maker,
                       const StateRecord& restored) {
  auto entry = std::make_unique<Entry>(name, std::move(options), counters_);
  entry->source = maker(entry->counting, loop_->io);
  if (const StateBlob* blob = Find(restored.blobs, "source:" + name)) {
    entry->source->RestoreState(blob->bytes);
  }
  RestoreTables(*entry, restored);
  entry->source->OnNews([this] {
    boost::asio::post(loop_->io, [this] {
      if (loop_->resting) Rest(kGather);
    });
  });
  entries_.push_back(std::move(entry));
}

void Worker::RestoreTables(Entry& entry, const StateRecord& restored) {
  for (const auto& [key, table] : entry.counting.tables()) {
    const StateTable* pieces = Find(restored.tables, key);
    if (!pieces) continue;
    const Status status = table.Restore(pieces->pieces, *counters_.names);
    if (!status) LogWarning("source {}: {}", entry.counting.source(), status.error().message);
  }
}

Tally Worker::RestoredRows() const {
  Tally tally(counters_.names, limits_);
  AddJoined(tally);
  return tally;
}

void Worker::AddJoined(Tally& tally) const {
  for (const auto& entry : entries_) {
    if (IsShipment(entry->counting.source())) continue;  // counts nothing
    tally.SetJoined(entry->counting.source(), entry->counting.joined_rows());
  }
}

void Worker::Start() {
  thread_ = std::thread([this] {
    boost::asio::post(loop_->io, [this] { Turn(); });
    loop_->io.run();
  });
}

void Worker::Stop() {
  if (!thread_.joinable()) return;
  loop_->io.stop();
  thread_.join();
}

bool Worker::TurnOnce() {
  bool more = false;
  for (auto& entry : entries_) {
    const Handling handling(*this, *entry);
    more = entry->source->Turn() || more;
  }
  return more;
}

void Worker::Turn() {
  if (TurnOnce()) {
    boost::asio::post(loop_->io, [this] { Turn(); });
    return;
  }
  Rest(kIdle);
}

// Another rest takes the place of the one before.
void Worker::Rest(std::chrono::milliseconds time) {
  loop_->resting = true;
  loop_->timer.expires_after(time);
  loop_->timer.async_wait([this](boost::system::error_code error) {
    if (!error && std::exchange(loop_->resting, false)) Turn();
  });
}

void Worker::Farewell() {
  boost::asio::post(loop_->io, [this] {
    for (auto& entry : entries_) {
      const Handling handling(*this, *entry);
      entry->source->Farewell();
    }
  });
}

std::string Worker::InHand() const {
  const MutexLock lock(in_hand_mutex_);
  return in_hand_.empty() ? "-" : in_hand_;
}

std::future<HandOver> Worker::Collect(bool whole) {
  auto promise = std::make_shared<std::promise<HandOver>>();
  auto future = promise->get_future();
  boost::asio::post(loop_->io, [this, promise, whole] { promise->set_value(CollectNow(whole)); });
  return future;
}

void Worker::NoteLines(const SourceTally& lines) {
  for (const auto& entry : entries_) {
    if (entry->counting.source() == lines.name) entry->counting.watch().NoteLines(lines);
  }
}

std::future<void> Worker::ChangeSources(SourceChanges changes) {
  auto promise = std::make_shared<std::promise<void>>();
  auto future = promise->get_future();
  boost::asio::post(loop_->io, [this, promise, changes = std::move(changes)] {
    ChangeSourcesNow(changes);
    promise->set_value();
  });
  return future;
}

// All ends before anything begins: an address may be given from one source to another.
void Worker::ChangeSourcesNow(const SourceChanges& changes) {
  StateRecord forgotten, stood;
  for (const std::string& name : changes.removed) Remove(name, forgotten);
  for (const NewSource& source : changes.added) Remove(source.name, stood);
  for (const NewSource& source : changes.added) {
    AddSource(source.name, source.options, source.maker, stood);
  }
}

void Worker::Remove(const std::string& name, StateRecord& stood) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return entry->counting.source() == name;
  });
  if (found == entries_.end()) return;
  const Handling handling(*this, **found);
  (*found)->source->Farewell();
  stood.blobs.push_back({"source:" + name, (*found)->source->SaveState()});
  for (const auto& [key, table] : (*found)->counting.tables()) {
    stood.tables.push_back({key, {table.Take(*counters_.names, true).bytes}});
  }
  for (const SourceTally& lines : counters_.tally->sources()) {
    if (lines.name == name) NoteLines(lines);
  }
  entries_.erase(found);
}

HandOver Worker::CollectNow(bool whole) {
  HandOver over;
  for (const SourceTally& lines : counters_.tally->sources()) NoteLines(lines);
  over.tallies = std::move(full_);
  full_.clear();
  over.tallies.push_back(
      std::exchange(counters_.tally, std::make_unique<Tally>(counters_.names, limits_)));
  AddJoined(*over.tallies.back());
  over.history = std::move(full_history_);
  full_history_.clear();
  if (counters_.history) {
    over.history.push_back(std::exchange(counters_.history, NewHistory()));
  }
  over.caught_up = over.ended = true;
  for (auto& entry : entries_) {
    const Handling handling(*this, *entry);
    over.blobs.push_back({"source:" + entry->counting.source(), entry->source->SaveState()});
    for (const auto& [key, table] : entry->counting.tables()) {
      // In front of all, what changed: a commit is of that, and all go into the record behind it.
      if (whole) over.tables.push_back(ChangeOf(key, table.Take(*counters_.names, false)));
      over.tables.push_back(ChangeOf(key, table.Take(*counters_.names, whole)));
    }
    over.live.push_back({});
    over.live.back().name = entry->counting.source();
    over.live.back().formats = entry->counting.watch().formats();
    entry->source->Describe(over.live.back());
    const bool is_sent_lines = !over.live.back().files && !over.live.back().shipper;
    if (is_sent_lines) entry->counting.watch().LookBack(SystemClock().Steady());
    over.caught_up = over.caught_up && entry->source->caught_up();
    over.ended = over.ended && entry->source->ended();
  }
  return over;
}

void Worker::SetRules(std::shared_ptr<const RuleSet> rules,
                      std::shared_ptr<const RuleNames> names) {
  boost::asio::post(loop_->io,
                    [this, rules = std::move(rules), names = std::move(names)]() mutable {
                      SetRulesNow(std::move(rules), std::move(names));
                    });
}

void Worker::SetRulesNow(std::shared_ptr<const RuleSet> rules,
                         std::shared_ptr<const RuleNames> names) {
  full_.push_back(std::move(counters_.tally));
  if (counters_.history) full_history_.push_back(std::move(counters_.history));
  for (auto& entry : entries_) {
    for (const auto& [key, table] : entry->counting.tables()) {
      table.Rename(*counters_.names, *names);
    }
  }
  counters_.classifier = Classifier(std::move(rules));
  counters_.names = std::move(names);
  counters_.tally = std::make_unique<Tally>(counters_.names, limits_);
  counters_.history = NewHistory();
}

}  // namespace bouncesight
