#include "daemon/batch/read_log.h"

#include <algorithm>
#include <ctime>
#include <optional>

#include "parsers/mta/coremail.h"

namespace bouncesight {

ReaderOptions OptionsFor(const LogRange& log, const LogReading& reading) {
  ReaderOptions options = log.reader ? *log.reader : ReaderOptions();
  if (reading.format != Format::kAuto) options.format = reading.format;
  if (reading.internal_relays) options.internal_relays = *reading.internal_relays;
  auto words = options.coremail ? std::make_shared<CoremailWords>(*options.coremail)
                                : std::make_shared<CoremailWords>();
  words->date = DateInFileName(log.path);
  options.coremail = std::move(words);
  return options;
}

std::optional<TimeGate> GateFor(const LogRange& log, const TimeWindow& window) {
  if (!window.bounded()) return std::nullopt;
  const UnixSeconds now = std::time(nullptr);
  const UnixSeconds written = log.modified == 0 ? now : std::min(log.modified, now);
  if (!log.turns) return TimeGate(window, written);
  return TimeGate(window, written, log.turns->last);
}

}  // namespace bouncesight
