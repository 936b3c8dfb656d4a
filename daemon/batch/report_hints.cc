#include "daemon/batch/report_hints.h"

#include <algorithm>

#include "daemon/batch/odd_content.h"
#include "daemon/system/shell_word.h"
#include "metrics/label.h"

namespace bouncesight {
namespace {

std::string CommonestSkip(const SourceTotals& source) {
  const auto most = std::max_element(source.skipped.begin(), source.skipped.end());
  return std::string(
      SkipReasonName(static_cast<SkipReason>(std::distance(source.skipped.begin(), most))));
}

// As the user has written it.
const std::string& PathOf(const SourceTotals& source, const std::vector<LogRange>& read) {
  const auto log = std::ranges::find_if(
      read, [&source](const LogRange& range) { return NameLabel(range.path) == source.name; });
  return log == read.end() ? source.name : log->path;
}

// Empty: nothing is to be said. `alone`: no other source has a line.
std::string HintOf(const SourceTotals& source, const std::string& path, std::string_view format,
                   bool alone) {
  std::string odd = OddContentText(path, source.lines(), alone);
  if (!odd.empty()) return odd;
  const std::uint64_t empty = source.skipped[static_cast<std::size_t>(SkipReason::kEmpty)];
  const std::uint64_t all = source.lines() - empty;
  const std::uint64_t good = source.counted + source.excluded + UnderstoodSkips(source.skipped);
  const std::uint64_t strange = StrangeSkips(source.skipped);
  const std::string name = path == "-" ? "standard input" : path;
  const std::string see = "; see `bouncesight events --skipped " + ShellWord(path) + "`";
  if (all != 0 && good == 0 && format != "auto") {
    return "no line of " + name + " is of the format " + std::string(format) +
           ", which --log-format forces; leave the option out, and the format is told by the lines";
  }
  if (all != 0 && good == 0) {
    return "no line of " + name + " looks like a mail log: " +
           (source.lines() == 1 ? "its one line is "
                                : "of " + std::to_string(source.lines()) + " lines most are ") +
           CommonestSkip(source) + see;
  }
  if (strange * 2 > all) {
    return std::to_string(strange) + " of " + std::to_string(source.lines()) + " lines of " + name +
           " fit no known format" + see;
  }
  return {};
}

}  // namespace

std::vector<std::string> ReportHints(const Snapshot& snapshot, const std::vector<LogRange>& read,
                                     std::uint64_t untimed, const Asked& asked) {
  std::vector<std::string> hints;
  std::uint64_t counted = 0;
  std::uint64_t excluded = 0;
  std::size_t strange = 0;
  std::uint64_t lines = 0;
  for (const SourceTotals& source : snapshot.sources) lines += source.lines();
  for (const SourceTotals& source : snapshot.sources) {
    counted += source.counted;
    excluded += source.excluded;
    std::string hint = HintOf(source, PathOf(source, read), asked.format, lines == source.lines());
    if (hint.empty()) continue;
    if (++strange < kMostHints - 1) hints.push_back(std::move(hint));
  }
  if (strange >= kMostHints - 1) {
    const std::size_t more = strange - kMostHints + 2;
    hints.push_back("so it is with " + std::to_string(more) +
                    (more == 1 ? " more file" : " more files"));
  }
  if (untimed != 0) {
    hints.push_back(std::to_string(untimed) +
                    (untimed == 1 ? " result was left out: it does not say when it was"
                                  : " results were left out: they do not say when they were"));
  } else if (counted == 0 && excluded != 0) {
    hints.push_back(NothingLeftHint(excluded, asked.filters));
  }
  return hints;
}

std::string NothingLeftHint(std::uint64_t results, std::string_view filters) {
  return "nothing is left of " + std::to_string(results) + (results == 1 ? " result" : " results") +
         ": " + std::string(filters) + " left all out";
}

}  // namespace bouncesight
