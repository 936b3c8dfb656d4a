// An expiry that tells neither recipient nor reason, in another stretch of its log than what it is
// the end of. It is set aside, and counted when its log is read, with the lines of its message
// alone. So a report is the same for any number of jobs.
//
// Most are known when the stretches are (cut_log.h). Where that is not so, the lines are searched
// for here.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/batch/log_input.h"
#include "parsers/event/result.h"
#include "parsers/wrap/line_splitter.h"

namespace bouncesight {

// So many of a stretch are set aside; the others are counted as they stand.
inline constexpr std::size_t kMostLateExpiries = 20'000;

struct LateExpiry {
  std::size_t range = 0;         // in the ranges of the run
  std::uint64_t line = 0;        // in the range, from 1
  std::uint64_t end_offset = 0;  // of the line, in the range
  std::string queue_id;
  std::uint64_t message = 0;  // its number (MessageJoin::Origin)

  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const LateExpiry&, const LateExpiry&) = default;
};

// The range in which the log of `range` begins.
std::size_t FirstOfLog(const std::vector<LogRange>& ranges, std::size_t range);

// Reads the lines that name one of the queue ids of `late`, which is in order and of one log, from
// the front of the log on. `expiry` is null for a line that is none of them; views are for the
// call, which is on the caller's thread; so many `jobs` search ahead of it. They keep some
// megabytes of each range; what is more is searched for once more when its turn comes.
using LateLine = std::function<void(std::size_t range, const Line& line, const LateExpiry* expiry)>;
Status ReadLateMessages(const std::vector<LogRange>& ranges, const std::vector<LateExpiry>& late,
                        unsigned jobs, const LateLine& one);

}  // namespace bouncesight
