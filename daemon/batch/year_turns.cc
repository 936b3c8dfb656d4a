#include "daemon/batch/year_turns.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "daemon/batch/log_input.h"
#include "daemon/system/fs.h"
#include "parsers/wrap/line_splitter.h"

namespace bouncesight {
namespace {

constexpr std::size_t kStampBytes = 15;  // "Nov 21 16:49:30"

// The stamp at the line's start, if it is one without a year.
std::optional<CivilTime> YearlessStamp(std::string_view line) {
  if (line.size() < kStampBytes || line[3] != ' ' || line[9] != ':') return std::nullopt;
  const std::optional<CivilTime> time = ReadCivilTime(line.substr(0, kStampBytes));
  return time && time->year == 0 ? time : std::nullopt;
}

bool IsLate(const CivilTime& before, const CivilTime& now) {
  const int month_before = before.month == 1 ? 12 : before.month - 1;
  return now.month == month_before && before.day == 1 && now.day >= 28;
}

}  // namespace

int YearTurns::YearsBack(std::uint64_t end) const {
  return static_cast<int>(ends.end() - std::upper_bound(ends.begin(), ends.end(), end));
}

bool YearTurnFinder::Note(std::string_view line, std::uint64_t end) {
  const std::optional<CivilTime> stamp = YearlessStamp(line);
  if (!stamp) return any_;
  if (any_ && IsLate(turns_.last, *stamp)) return true;
  if (any_ && stamp->month < turns_.last.month) turns_.ends.push_back(end);
  turns_.last = *stamp;
  any_ = true;
  return true;
}

std::optional<YearTurns> FindYearTurns(const LogRange& range, std::optional<Error>& disk_fault) {
  RealFileSystem fs;
  FileInfo info;
  const int error = range.path == "-" ? -ENOENT : fs.Stat(range.path, info);
  if (error != 0 && error != -ENOENT)
    disk_fault = Error{range.path + ": cannot be looked at: " + ErrorText(error)};
  if (error != 0 || !info.regular) return std::nullopt;
  auto input = OpenLogInput(range, &disk_fault);
  if (!input) return std::nullopt;
  YearTurnFinder finder;
  LineSplitter splitter;
  std::vector<char> buffer(kReadBytes);
  std::uint64_t before_any = 0;
  bool any = false;
  while (true) {
    const Result<std::size_t> got = (*input)->Read(buffer);
    if (!got || *got == 0) break;  // the part that can be read counts
    splitter.Feed({buffer.data(), *got},
                  [&](const Line& line) { any = finder.Note(line.text, line.end_offset) || any; });
    before_any += any ? 0 : *got;
    if (before_any > kReadBytes) return std::nullopt;  // such stamps would have shown by now
  }
  YearTurns turns = finder.Take();
  return turns.ends.empty() ? std::nullopt : std::optional(std::move(turns));
}

}  // namespace bouncesight
