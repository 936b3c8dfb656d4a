#include "daemon/batch/log_plan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "daemon/batch/joined_lines.h"
#include "daemon/batch/packed_input.h"
#include "daemon/batch/same_lines.h"
#include "daemon/batch/year_turns.h"
#include "daemon/system/fs.h"
#include "daemon/system/log_file.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kWorthCutting = 8 * 1024 * 1024;

// The offset behind the first newline at or after `offset`; `size` if there is none.
Result<std::uint64_t> NextLineStart(int fd, const std::string& path, std::uint64_t offset,
                                    std::uint64_t size) {
  std::array<char, 16 * 1024> buffer;
  while (offset < size) {
    const ssize_t got = ReadAllAt(fd, buffer.data(), buffer.size(), offset);
    if (got < 0) return SystemError(path, "cannot read");
    if (got == 0) break;
    if (const void* newline = std::memchr(buffer.data(), '\n', static_cast<std::size_t>(got))) {
      return offset +
             static_cast<std::uint64_t>(static_cast<const char*>(newline) - buffer.data()) + 1;
    }
    offset += static_cast<std::uint64_t>(got);
  }
  return size;
}

// Is the file one that must be read as a whole?
Result<bool> IsPacked(int fd, const std::string& path) {
  std::array<char, kPackedHead> head;
  const ssize_t got = ReadAllAt(fd, head.data(), head.size(), 0);
  if (got < 0) return SystemError(path, "cannot read");
  return LooksPacked({head.data(), static_cast<std::size_t>(got)});
}

// Where to cut a plain file for so many jobs; nowhere, if it is not worth it or cannot be done.
Result<std::vector<std::uint64_t>> CutsOf(int fd, const NamedLog& log, std::uint64_t size,
                                          unsigned jobs) {
  if (jobs < 2 || size < kWorthCutting) return std::vector<std::uint64_t>();
  std::vector<std::uint64_t> cuts;
  const std::uint64_t step = size / jobs + 1;
  std::uint64_t begin = 0;
  while (begin + step < size) {
    const Result<std::uint64_t> end = NextLineStart(fd, log.path, begin + step, size);
    if (!end) return end.error();
    cuts.push_back(begin = *end);
  }
  const bool whole = JoinsLines(fd, size, cuts, log.reader ? *log.reader : ReaderOptions());
  return whole ? std::vector<std::uint64_t>() : cuts;
}

Status PlanFile(const NamedLog& log, unsigned jobs, std::vector<LogRange>& ranges) {
  const std::string& path = log.path;
  RealFileSystem fs;
  FileInfo info;
  if (fs.Stat(path, info) == 0 && info.stream) {  // to open it takes from its writer already
    ranges.push_back(LogRange{.path = path});
    return Ok{};
  }
  Result<LogFile> fd = OpenLogFile(path);
  if (!fd) return fd.error();
  const int error = path == "-" ? 0 : fs.StatFd(fd->get(), info);
  if (error != 0) return Error{path + ": cannot be looked at: " + ErrorText(error)};
  if (path == "-" || !info.regular) {
    ranges.push_back(LogRange{.path = path});
    return Ok{};
  }
  const std::uint64_t size = info.size;
  const Result<bool> packed = IsPacked(fd->get(), path);
  if (!packed) return packed.error();
  const std::int64_t modified = info.modified_ns / 1'000'000'000;
  const auto cuts = CutsOf(fd->get(), log, size, *packed ? 1 : jobs);
  if (!cuts) return cuts.error();
  std::uint64_t begin = 0;
  for (const std::uint64_t end : *cuts) {
    ranges.push_back(
        {.path = path, .begin = begin, .end = end, .file_bytes = size, .modified = modified});
    begin = end;
  }
  ranges.push_back({.path = path, .begin = begin, .file_bytes = size, .modified = modified});
  return Ok{};
}

}  // namespace

LogPlan PlanLogs(const std::vector<NamedLog>& logs, unsigned jobs, bool dated) {
  LogPlan plan;
  std::vector<std::string> paths;
  std::map<std::string, std::shared_ptr<const ReaderOptions>> readers;
  for (const NamedLog& log : logs) {
    paths.push_back(log.path);
    readers.emplace(log.path, log.reader);
  }
  SameLines same = LeaveOutSameLines(paths);
  plan.notes = std::move(same.notes);
  plan.faults = std::move(same.faults);
  for (const std::string& path : same.paths) {
    std::vector<LogRange> ranges;
    if (const Status planned = PlanFile({path, readers[path]}, jobs, ranges); !planned) {
      const std::string& fault = planned.error().message;
      // It could not be compared with others for the same reason, which is told once.
      std::erase_if(plan.faults, [&fault](const auto& one) { return one.starts_with(fault); });
      plan.faults.push_back(fault);
      continue;
    }
    std::shared_ptr<const YearTurns> turns;
    if (dated) {
      std::optional<Error> fault;
      if (auto found = FindYearTurns({.path = path}, fault)) {
        turns = std::make_shared<const YearTurns>(std::move(*found));
      }
      if (fault) plan.faults.push_back(fault->message + "; its years may be told wrong");
    }
    for (LogRange& range : ranges) {
      range.turns = turns;
      range.reader = readers[path];
      plan.ranges.push_back(std::move(range));
    }
  }
  return plan;
}

}  // namespace bouncesight
