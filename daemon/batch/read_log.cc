#include "daemon/batch/read_log.h"

#include <algorithm>
#include <ctime>
#include <optional>

#include "parsers/mta/coremail.h"

namespace bouncesight {

ReaderOptions OptionsFor(const LogRange& log, Format format) {
  ReaderOptions options(format);
  auto words = std::make_shared<CoremailWords>();
  words->date = DateInFileName(log.path);
  options.coremail = std::move(words);
  return options;
}

std::optional<TimeGate> GateFor(const LogRange& log, const TimeWindow& window) {
  if (!window.bounded()) return std::nullopt;
  const UnixSeconds now = std::time(nullptr);
  return TimeGate(window, log.modified == 0 ? now : std::min(log.modified, now));
}

}  // namespace bouncesight
