#include "daemon/count/worker.h"

#include <algorithm>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

namespace bouncesight {
namespace {

constexpr std::chrono::milliseconds kIdle{250};
// After news: what else comes meanwhile is read in the same turn, which is far cheaper than a turn
// for each datagram. The smallest receive buffer of a kernel holds more than comes in so little
// time.
constexpr std::chrono::milliseconds kGather{1};

const StateBlob* FindBlob(const std::vector<StateBlob>& blobs, const std::string& key) {
  const auto found = std::find_if(blobs.begin(), blobs.end(),
                                  [&](const StateBlob& blob) { return blob.key == key; });
  return found == blobs.end() ? nullptr : &*found;
}

}  // namespace

struct Worker::Entry {
  Entry(std::string name, ReaderOptions options, Counters& counters)
      : counting(std::move(name), std::move(options), counters) {}

  SourceCounting counting;
  std::unique_ptr<Source> source;
  std::string reasons;  // as encoded last
  std::uint64_t reasons_version = 0;
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
               TallyLimits limits)
    : limits_(limits),
      counters_{names, Classifier(std::move(rules)), std::make_unique<Tally>(names, limits)},
      loop_(std::make_unique<Loop>()) {}

Worker::~Worker() {
  Stop();
  entries_.clear();  // sources may hold sockets of the loop
}

void Worker::AddSource(const std::string& name, ReaderOptions options, const SourceMaker& maker,
                       const std::vector<StateBlob>& restored) {
  auto entry = std::make_unique<Entry>(name, std::move(options), counters_);
  entry->source = maker(entry->counting, loop_->io);
  if (const StateBlob* blob = FindBlob(restored, "source:" + name)) {
    entry->source->RestoreState(blob->bytes);
  }
  if (const StateBlob* blob = FindBlob(restored, "reasons:" + name)) {
    const Status status = entry->counting.reasons().Decode(blob->bytes, *counters_.names);
    if (!status) spdlog::warn("source {}: {}", name, status.error().message);
  }
  entry->reasons = entry->counting.reasons().Encode(*counters_.names);
  entry->reasons_version = entry->counting.reasons().version();
  entry->source->OnNews([this] {
    if (loop_->resting) Rest(kGather);
  });
  entries_.push_back(std::move(entry));
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

std::future<HandOver> Worker::Collect() {
  auto promise = std::make_shared<std::promise<HandOver>>();
  auto future = promise->get_future();
  boost::asio::post(loop_->io, [this, promise] { promise->set_value(CollectNow()); });
  return future;
}

void Worker::NoteLines(const SourceTally& lines) {
  for (const auto& entry : entries_) {
    if (entry->counting.source() == lines.name) entry->counting.watch().NoteLines(lines);
  }
}

std::vector<StateBlob> Worker::BlobsOf(Entry& entry) {
  const std::string& name = entry.counting.source();
  LastReasons& reasons = entry.counting.reasons();
  if (reasons.version() != entry.reasons_version) {
    entry.reasons = reasons.Encode(*counters_.names);
    entry.reasons_version = reasons.version();
  }
  return {{"source:" + name, entry.source->SaveState()}, {"reasons:" + name, entry.reasons}};
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
  for (const std::string& name : changes.removed) Remove(name);
  std::vector<StateBlob> blobs;
  for (const NewSource& source : changes.added) {
    for (StateBlob& blob : Remove(source.name)) blobs.push_back(std::move(blob));
  }
  for (const NewSource& source : changes.added) {
    AddSource(source.name, source.options, source.maker, blobs);
  }
}

std::vector<StateBlob> Worker::Remove(const std::string& name) {
  std::vector<StateBlob> blobs;
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return entry->counting.source() == name;
  });
  if (found == entries_.end()) return blobs;
  const Handling handling(*this, **found);
  (*found)->source->Farewell();
  blobs = BlobsOf(**found);
  for (const SourceTally& lines : counters_.tally->sources()) {
    if (lines.name == name) NoteLines(lines);
  }
  entries_.erase(found);
  return blobs;
}

HandOver Worker::CollectNow() {
  HandOver over;
  for (const SourceTally& lines : counters_.tally->sources()) NoteLines(lines);
  over.tallies = std::move(full_);
  full_.clear();
  over.tallies.push_back(
      std::exchange(counters_.tally, std::make_unique<Tally>(counters_.names, limits_)));
  over.caught_up = over.ended = true;
  for (auto& entry : entries_) {
    const Handling handling(*this, *entry);
    for (StateBlob& blob : BlobsOf(*entry)) over.blobs.push_back(std::move(blob));
    over.live.push_back({});
    over.live.back().name = entry->counting.source();
    over.live.back().formats = entry->counting.watch().formats();
    entry->source->Describe(over.live.back());
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
  for (auto& entry : entries_) {
    entry->counting.reasons().Rename(*counters_.names, *names);
    entry->counting.join().Rename(*counters_.names, *names);
    entry->reasons = entry->counting.reasons().Encode(*names);
    entry->reasons_version = entry->counting.reasons().version();
  }
  counters_.classifier = Classifier(std::move(rules));
  counters_.names = std::move(names);
  counters_.tally = std::make_unique<Tally>(counters_.names, limits_);
}

}  // namespace bouncesight
