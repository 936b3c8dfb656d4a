// Any bytes behind a slot are cut at the last whole record, and go on to be written there.
#include "daemon/count/state_log.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bouncesight;
  constexpr LogPlace kBegin{7, 0x12345678, 0};
  const std::string bytes(fuzz::Text(data, size));
  const LogContent found = ReadLog(bytes, kBegin);
  LogPlace place = kBegin;
  std::string again;
  for (const std::string_view payload : found.payloads) again += LogRecord(place, payload);
  Require(place.offset == found.end.offset && place.link == found.end.link, "one way to write it");
  Require(again.size() >= bytes.size() || place.offset <= bytes.size(), "nothing from outside");

  // What a commit adds stands behind it, whatever the log held there.
  std::string log = bytes;
  log.resize(std::max<std::size_t>(log.size(), place.offset + 4 * kLogPage));
  const std::string record = LogRecord(place, "what changed");
  log.replace(found.end.offset, record.size(), record);
  const LogContent more = ReadLog(log, kBegin);
  Require(more.payloads.size() > found.payloads.size(), "the record is found");
  Require(more.payloads[found.payloads.size()] == "what changed", "and is what it was");
  return 0;
}
