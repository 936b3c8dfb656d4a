#include "daemon/batch/read_log.h"

#include <algorithm>
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

StampReader StampsOf(const LogRange& log, UnixSeconds now) {
  const UnixSeconds written = log.modified == 0 ? now : std::min(log.modified, now);
  return log.turns ? StampReader(written, log.turns->last) : StampReader(written);
}

int YearsBack(const LogRange& log, const Line& line) {
  return log.turns ? log.turns->YearsBack(log.begin + line.end_offset) : 0;
}

std::optional<TimeGate> GateFor(const LogRange& log, const LogReading& reading) {
  if (!reading.window.bounded()) return std::nullopt;
  return TimeGate(reading.window, StampsOf(log, reading.now));
}

}  // namespace bouncesight
