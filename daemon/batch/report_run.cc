#include "daemon/batch/report_run.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "daemon/batch/cut_log.h"
#include "daemon/batch/late_expiry.h"
#include "daemon/batch/log_input.h"
#include "daemon/batch/progress.h"
#include "daemon/system/mutex.h"
#include "daemon/system/threads.h"
#include "metrics/totals.h"

namespace bouncesight {
namespace {

// What one range told.
struct Told {
  ReportFacts facts;
  TemplateMiner miner, refusals;  // the words that no rule knows: others' and our own server's
};

// Joins what the ranges told in their order, whoever is done first, so that the report does not
// depend on the number of jobs.
class InOrder {
 public:
  explicit InOrder(const std::vector<LogRange>& ranges) : ranges_(ranges) {}

  void Add(std::size_t range, Told told) {
    early_.emplace(range, std::move(told));
    for (auto found = early_.begin(); found != early_.end() && found->first == next_; ++next_) {
      Merge(next_, found->second);
      found = early_.erase(found);
    }
  }
  Told& all() { return all_; }
  // Of lines that were set aside, of the log that begins at this range.
  void AddLate(std::size_t range, Told told) { late_.emplace(range, std::move(told)); }
  // All of it has been added.
  void Finish() {
    for (const auto& [range, told] : late_) Merge(range, told);
    late_.clear();
  }

 private:
  void Merge(std::size_t range, const Told& told) {
    std::size_t log = 0;
    for (std::size_t i = 1; i <= range; ++i) log += ranges_[i].path != ranges_[i - 1].path ? 1 : 0;
    all_.facts.Merge(told.facts, log);
    all_.miner.Merge(told.miner);
    all_.refusals.Merge(told.refusals);
  }

  const std::vector<LogRange>& ranges_;
  Told all_;
  std::map<std::size_t, Told> early_, late_;
  std::size_t next_ = 0;
};

// What the jobs share: the ranges still to read, and what was found so far.
struct SharedByJobs {
  SharedByJobs(const std::vector<LogRange>& all, Progress& meter)
      : ranges(all), progress(meter), told(all), cut(all) {}

  const std::vector<LogRange>& ranges;
  std::atomic<std::size_t> next{0};
  Progress& progress;

  Mutex mutex;
  Totals totals GUARDED_BY(mutex){ReportLimits()};
  InOrder told GUARDED_BY(mutex);
  CutLogs cut GUARDED_BY(mutex);
  std::vector<LateExpiry> to_search GUARDED_BY(mutex);  // what was set aside and is not known
  std::uint64_t untimed GUARDED_BY(mutex) = 0;
  std::set<std::string> faults GUARDED_BY(mutex);
};

// Takes from the events what the counters do not hold.
class Watcher : public NullObserver {
 public:
  // `number`: of the range. `whole`: no other stretch is read.
  Watcher(const std::vector<LogRange>& ranges, std::size_t number, const LogReading& reading,
          const EventFilter& filter, bool whole)
      : join(filter.join_keeps()),
        number_(number),
        range_(ranges[number]),
        filter_(filter),
        stamps_(StampsOf(ranges[number], reading.now)) {
    told.facts.BeginStretch(whole);
  }

  // Of a message that came in an earlier stretch this one does not know all.
  bool SetsAside(const DeliveryEvent& event, const LineInfo& info) {
    if (range_.begin == 0 || event.queue_id.empty() || late.size() >= kMostLateExpiries ||
        join.OriginOf(info.place).arrived_here) {
      return false;
    }
    late.push_back(
        {number_, info.number, info.line.end_offset, std::string(event.queue_id), info.place.key});
    return true;
  }

  void OnMessage(const MessageJoin::Place& place, const LineInfo& info) {
    if (range_.begin == 0 || place.key == 0 || join.OriginOf(place).arrived_here) return;
    earlier_.Keep(place.key, info.line);
  }

  // To wait for the cache in WaitingSet was 5 % of a mixed log's time, 7 % of failures'. It has
  // been asked before the cause is looked for, and has come when that is known.
  bool Wants(const DeliveryEvent& event, const LineInfo&) {
    told.facts.Expect(event);
    return true;
  }

  bool Shows(const DeliveryEvent& event, const Verdict& verdict) {
    return filter_.Holds(event, verdict);
  }

  void OnEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info) {
    const MessageJoin::Origin origin = join.OriginOf(info.place);
    told.facts.Note(event, verdict, stamps_.Read(event.time, YearsBack(range_, info.line)),
                    &origin);
    if (verdict.cause != CauseId::kUnclassified) return;
    if (event.outcome == Outcome::kRejected) {
      told.refusals.Add(event.reply, event.recipient_domain);
    } else if (FailureIndex(event.outcome) < kFailureOutcomeCount) {
      told.miner.Add(event.reply, event.recipient_domain);
    }
  }

  // What an operator took out of the queue waits no more; other ends follow their results.
  void OnNote(const MessageNote& note, const LineInfo& info) {
    if (!note.taken_away && !note.requeued) return;
    told.facts.NoteTakenAway(note.host, note.requeued ? note.other_id : note.queue_id,
                             stamps_.Read(note.time, YearsBack(range_, info.line)));
  }

  // What later stretches of the log may have to know. Ends the watch.
  ReadStretch TakeStretch() {
    return {number_, std::move(join), std::move(earlier_), std::move(late)};
  }

  Told told;
  MessageJoin join;
  std::vector<LateExpiry> late;

 private:
  std::size_t number_;
  const LogRange& range_;
  EarlierLines earlier_;
  const EventFilter& filter_;
  StampReader stamps_;
};

// What lies by lines that were set aside: it is counted where it was read.
struct CountsNothing : NullObserver {
  bool Wants(const DeliveryEvent&, const LineInfo&) { return false; }
};

// One core's share of the work.
class Job {
 public:
  Job(SharedByJobs& shared, std::shared_ptr<const RuleSet> rules,
      std::shared_ptr<const RuleNames> names, const LogReading& reading, const EventFilter& filter)
      : shared_(shared),
        reading_(reading),
        filter_(filter),
        names_(std::move(names)),
        classifier_(std::move(rules)),
        tally_(names_) {}

  void Run() {
    for (std::size_t i = shared_.next++; i < shared_.ranges.size(); i = shared_.next++) {
      Watcher watcher(shared_.ranges, i, reading_, filter_, shared_.ranges.size() == 1);
      if (Status read = ReadRange(shared_.ranges[i], watcher); !read) Note(read.error());
      watcher.told.facts.EndStretch(watcher.join);
      HandOver();
      if (std::optional<CutLog> log = Add(watcher)) RunLate(*log);
    }
    const MutexLock lock(shared_.mutex);
    shared_.untimed += untimed_;
  }

  // What was set aside of one log, as one job alone would have counted it. `read(join, one)` gives
  // the lines that are needed to `one`, a LateLine.
  template <typename Read>
  void RunLate(const std::vector<LateExpiry>& late, Read read) {
    const std::size_t first = FirstOfLog(shared_.ranges, late.front().range);
    const LogRange& log = shared_.ranges[first];
    Watcher watcher(shared_.ranges, first, reading_, filter_, false);
    watcher.told.facts.BeginAfterwards();
    std::optional<TimeGate> gate = GateFor(log, reading_);
    GatedObserver gated(watcher, gate ? &*gate : nullptr, log);
    Pump pump(log.path, OptionsFor(log, reading_)), others(log.path, OptionsFor(log, reading_));
    Tally unseen(names_);
    const auto one = [&](std::size_t range, const Line& line, const LateExpiry* expiry) {
      Line here = line;
      here.end_offset += shared_.ranges[range].begin;
      if (expiry != nullptr) {
        pump.TakeLine(here, {classifier_, watcher.join, tally_}, gated);
      } else {
        others.TakeLine(here, {classifier_, watcher.join, unseen}, CountsNothing());
      }
      if (tally_.nearly_full()) HandOver();
      if (unseen.nearly_full()) unseen.Clear(names_);
    };
    if (Status done = read(watcher.join, LateLine(one)); !done) Note(done.error());
    HandOver();
    const MutexLock lock(shared_.mutex);
    shared_.told.AddLate(first, std::move(watcher.told));
    shared_.untimed += gate ? gate->untimed() : 0;
  }

 private:
  // The log, if its last stretch is read now.
  std::optional<CutLog> Add(Watcher& watcher) {
    const MutexLock lock(shared_.mutex);
    ReadStretch stretch = watcher.TakeStretch();
    shared_.told.Add(stretch.range, std::move(watcher.told));
    return shared_.cut.Add(std::move(stretch));
  }

  void RunLate(CutLog& log) {
    if (log.late().empty()) return;
    if (log.knows_all()) {
      RunLate(log.late(),
              [&](MessageJoin& join, const LateLine& one) { return log.ReadLate(join, one); });
      return;
    }
    const MutexLock lock(shared_.mutex);
    shared_.to_search.insert(shared_.to_search.end(), log.late().begin(), log.late().end());
  }

  Status ReadRange(const LogRange& range, Watcher& watcher) {
    const auto go_on = [this](std::size_t bytes) {
      shared_.progress.Add(bytes);
      if (tally_.nearly_full()) HandOver();
      return true;
    };
    const Result<std::uint64_t> read =
        ReadLog(range, reading_, {classifier_, watcher.join, tally_}, buffer_, watcher, go_on);
    if (!read) return read.error();
    untimed_ += *read;
    return Ok{};
  }

  void HandOver() {
    const MutexLock lock(shared_.mutex);
    shared_.totals.Merge(tally_);
    tally_.Clear(names_);
  }

  void Note(const Error& error) {
    const MutexLock lock(shared_.mutex);
    shared_.faults.insert(error.message);
  }

  SharedByJobs& shared_;
  LogReading reading_;
  const EventFilter& filter_;
  std::shared_ptr<const RuleNames> names_;
  Classifier classifier_;
  Tally tally_;
  std::uint64_t untimed_ = 0;
  std::vector<char> buffer_ = std::vector<char>(kReadBytes);
};

}  // namespace

// More domains than any log has that one would want ranked; bounded all the same.
TotalsLimits ReportLimits() {
  TotalsLimits limits;
  limits.domains.max_domains = 100'000;
  limits.max_series = 10'000'000;  // every file is a source, and each has 190 of its own
  limits.max_series_per_domain = 10'000;
  limits.max_blocklist_pairs = 10'000;
  limits.domains.idle_seconds = 0;
  return limits;
}

ReportRun::ReportRun(std::shared_ptr<const RuleSet> rules, LogReading reading, EventFilter filter)
    : rules_(std::move(rules)), reading_(std::move(reading)), filter_(std::move(filter)) {}

ReportResult ReportRun::Read(const std::vector<LogRange>& ranges, unsigned jobs, bool progress) {
  Progress meter(ranges, progress);
  SharedByJobs shared(ranges, meter);
  const std::shared_ptr<const RuleNames> names = NamesOf(*rules_);
  {
    const MutexLock lock(shared.mutex);
    shared.totals.AddNames(*names);
  }
  const auto work = [&] { Job(shared, rules_, names, reading_, filter_).Run(); };
  RunOnCores(std::min<std::size_t>(jobs, ranges.size()), work);
  std::vector<LateExpiry> late;
  {
    const MutexLock lock(shared.mutex);
    late.swap(shared.to_search);
  }
  std::sort(late.begin(), late.end());
  for (auto begin = late.begin(); begin != late.end();) {
    const auto end = std::find_if(begin, late.end(), [&](const LateExpiry& one) {
      return ranges[one.range].path != ranges[begin->range].path;
    });
    const std::vector<LateExpiry> of_log(begin, end);
    Job(shared, rules_, names, reading_, filter_)
        .RunLate(of_log, [&](MessageJoin&, const LateLine& one) {
          return ReadLateMessages(ranges, of_log, jobs, one);
        });
    begin = end;
  }
  meter.Finish();
  const MutexLock lock(shared.mutex);
  shared.told.Finish();
  return {shared.totals.Publish(),
          std::move(shared.told.all().facts),
          std::move(shared.told.all().miner),
          std::move(shared.told.all().refusals),
          shared.untimed,
          {shared.faults.begin(), shared.faults.end()}};
}

}  // namespace bouncesight
