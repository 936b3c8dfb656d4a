#include "parsers/wrap/container_log.h"
#include "parsers/wrap/syslog_header.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Inside;
using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line = bouncesight::fuzz::Text(data, size);
  if (const auto record = bouncesight::ParseSyslogHeader(line)) {
    for (const std::string_view view :
         {record->time, record->host, record->program, record->message}) {
      Require(Inside(view, line), "views into the line");
    }
  }
  if (const auto cri = bouncesight::ParseCriLine(line)) {
    Require(Inside(cri->time, line) && Inside(cri->stream, line) && Inside(cri->text, line),
            "views into the line");
  }
  return 0;
}
