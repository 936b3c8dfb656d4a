// Where a year begins in a log whose stamps have none (RFC 3164): its months run backwards there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/batch/log_input.h"
#include "parsers/text/civil_time.h"

namespace bouncesight {

struct YearTurns {
  // Offsets, in the plain bytes, of the ends of the first lines of each new year; rising.
  std::vector<std::uint64_t> ends;
  CivilTime last;  // the stamp of the last line that has one

  // How many years before the last line's year the line that ends at `end` was written.
  int YearsBack(std::uint64_t end) const;
};

// Notes the lines of a log in their order. Lines of several hosts may come a little late: a step
// back from the first day of a month to the last days of the one before does not begin a year.
class YearTurnFinder {
 public:
  // False: this log tells its years, or no time that can be read.
  bool Note(std::string_view line, std::uint64_t end);
  YearTurns Take() { return std::move(turns_); }

 private:
  YearTurns turns_;
  bool any_ = false;
};

// Reads all of the log of `range`; none: its stamps have a year, or it cannot be read twice
// (standard input), or all of it lies within one year. What the disk does not give is missing, and
// told in `disk_fault`.
std::optional<YearTurns> FindYearTurns(const LogRange& range, std::optional<Error>& disk_fault);

}  // namespace bouncesight
