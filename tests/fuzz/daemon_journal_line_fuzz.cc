// An entry of the journal whose fields hold any bytes is one line, and what it says of the program
// that wrote it is what the reader of lines finds there.
#include <algorithm>
#include <string>

#include "daemon/journal/journal_line.h"
#include "parsers/mta/format_reader.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

// The fields stand between 0xFE bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = bouncesight::fuzz::Text(data, size);
  const auto next = [&rest] {
    const std::size_t end = std::min(rest.find('\xfe'), rest.size());
    std::string field(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
  };
  bouncesight::JournalEntry entry;
  entry.realtime_us = size * 1'000'003ULL;
  for (std::string* field : {&entry.message, &entry.identifier, &entry.host, &entry.pid,
                             &entry.command, &entry.unit, &entry.container, &entry.partial}) {
    *field = next();
  }
  std::string line;
  bouncesight::AppendJournalLine(entry, line);
  Require(!line.empty() && line.back() == '\n', "it ends in a newline");
  Require(std::ranges::count(line, '\n') == 1, "and is one line");
  static bouncesight::FormatReader reader;
  reader.Parse(std::string_view(line).substr(0, line.size() - 1));
  return 0;
}
