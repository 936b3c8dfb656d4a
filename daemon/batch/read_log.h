// Reads one log at rest from start to end, and hands what it says to an observer. `report` and
// `events` differ in the observer alone.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "daemon/batch/log_input.h"
#include "daemon/batch/time_window.h"
#include "metrics/pump.h"
#include "parsers/mta/format.h"

namespace bouncesight {

// What the user said of the logs.
struct LogReading {
  Format format = Format::kAuto;
  TimeWindow window;  // events outside it are counted as excluded, and not shown
};

// How the lines of this log read: its name may tell the date of its lines.
ReaderOptions OptionsFor(const LogRange& log, Format format);

// The gate of a log's stamps; none: every time is wanted.
std::optional<TimeGate> GateFor(const LogRange& log, const TimeWindow& window);

// Lets through what the gate lets through.
template <typename Observer>
class GatedObserver {
 public:
  GatedObserver(Observer& observer, TimeGate* gate) : observer_(observer), gate_(gate) {}

  bool Wants(const DeliveryEvent& event, const LineInfo& info) {
    if (gate_ != nullptr && gate_->Judge(event.time) != TimeGate::Side::kWithin) return false;
    return observer_.Wants(event, info);
  }
  void OnEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info) {
    observer_.OnEvent(event, verdict, info);
  }
  void OnSkip(SkipReason reason, const LineInfo& info) { observer_.OnSkip(reason, info); }

 private:
  Observer& observer_;
  TimeGate* gate_;
};

// Reads all of `log` through `buffer`. `go_on` is told of the bytes of each step and ends the
// reading by a false. Gives the number of events left out since their time cannot be told; the
// Error names the file.
template <typename Observer, std::predicate<std::size_t> GoOn>
Result<std::uint64_t> ReadLog(const LogRange& log, const LogReading& reading, const Stage& stage,
                              std::span<char> buffer, Observer& observer, GoOn go_on) {
  Result<std::unique_ptr<LogInput>> input = OpenLogInput(log);
  if (!input) return input.error();
  std::optional<TimeGate> gate = GateFor(log, reading.window);
  GatedObserver gated(observer, gate ? &*gate : nullptr);
  Pump pump(log.path, OptionsFor(log, reading.format));
  bool more = true;
  while (more) {
    const Result<std::size_t> got = (*input)->Read(buffer);
    if (!got) return got.error();
    if (*got == 0) break;
    pump.Feed({buffer.data(), *got}, stage, gated);
    more = go_on(*got);
  }
  pump.Finish(stage, gated);
  return gate ? gate->untimed() : 0;
}

}  // namespace bouncesight
