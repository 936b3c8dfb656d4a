// Reads one existing log from start to end, and hands what it says to an observer. `report` and
// `events` differ in the observer alone.
//
// The room daemon/batch reads existing logs to their end; `report` does it with every core.
//
// * configured_logs.h: which logs, where the command line names none; log_plan.h: which stretches;
//   joined_lines.h: whether a log can be cut into any.
// * same_lines.h: logs that hold the same lines; year_turns.h: where a year begins in one.
// * log_input.h: a log or a stretch of one, or standard input; packed_input.h: compressed, tar.
// * read_log.h: its lines through the pump to an observer; time_window.h: --since and --until;
//   event_filter.h: --domain and the like; compared_window.h: --compare-with.
// * history_replay.h: the history in place of logs.
// * report_run.h: the stretches over the cores, merged; cut_log.h: what they cannot tell alone, and
//   late_expiry.h, where more has to be searched for; report_hints.h, odd_content.h,
//   progress.h.
// * event_record.h: one record per delivery result.
// * trace.h: what became of a message; trace_search.h and literal_search.h find its lines.
// * explainer.h: one reply, line or bounce message; explanation_*.cc write it.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "daemon/batch/log_input.h"
#include "daemon/batch/time_window.h"
#include "daemon/batch/year_turns.h"
#include "metrics/pump.h"
#include "parsers/mta/format.h"

namespace bouncesight {

// What the user said of the logs.
struct LogReading {
  Format format = Format::kAuto;
  // Hops to these are not deliveries; none given: as the configured source says, else the loopback
  // networks.
  std::optional<std::vector<IpNetwork>> internal_relays;
  TimeWindow window;    // events outside it are counted as excluded, and not shown
  UnixSeconds now = 0;  // stamps without a year are not younger
};

// How the lines of this log read: its name may tell the date of its lines.
ReaderOptions OptionsFor(const LogRange& log, const LogReading& reading);

// Of the lines of this log.
StampReader StampsOf(const LogRange& log, UnixSeconds now);

// How many years before the last line of its file `line` of this log was written.
int YearsBack(const LogRange& log, const Line& line);

// The gate of a log's stamps; none: every time is wanted.
std::optional<TimeGate> GateFor(const LogRange& log, const LogReading& reading);

// Lets through what the gate lets through.
template <typename Observer>
class GatedObserver {
 public:
  // `log`: where in a file's years a line stands. Both must outlive the observer.
  GatedObserver(Observer& observer, TimeGate* gate, const LogRange& log)
      : observer_(observer), gate_(gate), log_(log) {}

  bool Wants(const DeliveryEvent& event, const LineInfo& info) {
    if (gate_ != nullptr &&
        gate_->Judge(event.time, YearsBack(log_, info.line)) != TimeGate::Side::kWithin) {
      return false;
    }
    return observer_.Wants(event, info);
  }
  bool SetsAside(const DeliveryEvent& event, const LineInfo& info) {
    return observer_.SetsAside(event, info);
  }
  void OnMessage(const MessageJoin::Place& place, const LineInfo& info) {
    observer_.OnMessage(place, info);
  }
  bool Shows(const DeliveryEvent& event, const Verdict& verdict) {
    return observer_.Shows(event, verdict);
  }
  void OnEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info) {
    observer_.OnEvent(event, verdict, info);
  }
  void OnSkip(SkipReason reason, const LineInfo& info) { observer_.OnSkip(reason, info); }
  void OnNote(const MessageNote& note, const LineInfo& info) {
    if (!note.taken_away && !note.requeued) return;  // no time is read for what nobody asks for
    if (gate_ != nullptr &&
        gate_->Judge(note.time, YearsBack(log_, info.line)) != TimeGate::Side::kWithin) {
      return;
    }
    observer_.OnNote(note, info);
  }

 private:
  Observer& observer_;
  TimeGate* gate_;
  const LogRange& log_;
};

// As `serve` does: a run of NULs at the start of a line is a hole that a writer left which kept its
// place when the file was cut, and belongs to no line.
template <typename Observer>
void FeedAroundHoles(Pump& pump, std::string_view bytes, const CountingContext& counting,
                     Observer& observer) {
  while (!bytes.empty()) {
    const std::size_t begin = bytes.find('\0');
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(bytes.find_first_not_of('\0', begin), bytes.size());
    if (begin > 0) pump.Feed(bytes.substr(0, begin), counting, observer);
    if (pump.pending_bytes() == 0) {
      pump.Restart(pump.line_offset() + end - begin);
    } else {
      pump.Feed(bytes.substr(begin, end - begin), counting, observer);
    }
    bytes.remove_prefix(end);
  }
  if (!bytes.empty()) pump.Feed(bytes, counting, observer);
}

// Reads all of `log` through `buffer`. `go_on` is told of the bytes of each step and ends the
// reading by a false. Gives the number of events left out since their time cannot be told. The
// Error names the file: what could be read before it has been counted; a line that is torn there is
// a skip.
template <typename Observer, std::predicate<std::size_t> GoOn>
Result<std::uint64_t> ReadLog(const LogRange& log, const LogReading& reading,
                              const CountingContext& counting, std::span<char> buffer,
                              Observer& observer, GoOn go_on) {
  Result<std::unique_ptr<LogInput>> input = OpenLogInput(log);
  if (!input) return input.error();
  std::optional<TimeGate> gate = GateFor(log, reading);
  GatedObserver gated(observer, gate ? &*gate : nullptr, log);
  Pump pump(log.path, OptionsFor(log, reading));
  bool more = true;
  while (more) {
    const Result<std::size_t> got = (*input)->Read(buffer);
    if (!got) {
      pump.Discard(counting);
      return got.error();
    }
    if (*got == 0) break;
    FeedAroundHoles(pump, {buffer.data(), *got}, counting, gated);
    more = go_on(*got);
  }
  pump.Finish(counting, gated);
  return gate ? gate->untimed() : 0;
}

}  // namespace bouncesight
