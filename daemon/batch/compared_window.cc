#include "daemon/batch/compared_window.h"

#include <limits>
#include <string>

namespace bouncesight {
namespace {

constexpr const char* kForms =
    "write before (as long, right before), 1d or 7d (the same hours, so long ago), yesterday, or "
    "FROM..TO, two times as --since has them";

Result<TimeWindow> Explicit(std::string_view from, std::string_view to, UnixSeconds now) {
  const Result<UnixSeconds> since = ReadTimeBound(from, now);
  if (!since) return since.error();
  const Result<UnixSeconds> until = ReadTimeBound(to, now);
  if (!until) return until.error();
  if (*since >= *until) return Error{"the period ends before it begins; " + std::string(kForms)};
  return TimeWindow{*since, *until};
}

}  // namespace

Result<TimeWindow> ComparedWindow(std::string_view period, TimeWindow window, UnixSeconds now) {
  if (window.since == std::numeric_limits<UnixSeconds>::min()) {
    return Error{
        "needs --since: what is compared must have a beginning, as in --since today "
        "--compare-with 1d"};
  }
  if (window.until == std::numeric_limits<UnixSeconds>::max()) window.until = now;
  if (window.until <= window.since) return Error{"--since lies in the future"};
  if (const std::size_t dots = period.find(".."); dots != std::string_view::npos) {
    return Explicit(period.substr(0, dots), period.substr(dots + 2), now);
  }
  if (period == "yesterday") return Explicit("yesterday", "today", now);
  const UnixSeconds length = window.until - window.since;
  if (period == "before") return TimeWindow{window.since - length, window.since};
  const std::optional<UnixSeconds> age = ReadAge(period);
  if (!age || *age == 0) {
    return Error{"'" + std::string(period) + "' is not a period; " + std::string(kForms)};
  }
  return TimeWindow{window.since - *age, window.until - *age};
}

}  // namespace bouncesight
