// Points in time as a report shows them: in the reader's zone. The zones are a table of the
// machine's, so the caller brings the offset along.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace bouncesight {

// Seconds east of Greenwich at a point in time (seconds since 1970).
using ZoneOffset = std::function<int(std::int64_t)>;

struct Moment {
  std::int64_t seconds = 0;  // since 1970
  int offset = 0;            // seconds east of Greenwich

  friend bool operator==(const Moment&, const Moment&) = default;
};

std::string Rfc3339(const Moment& moment);      // "2026-11-21T17:00:05+01:00"
std::string DateAndTime(const Moment& moment);  // "2026-11-21 17:00"
std::string ZoneText(const Moment& moment);     // "+0100"

// The first and the last point of what was seen.
struct TimeSpan {
  std::optional<std::int64_t> first, last;

  void Note(std::int64_t seconds);
  void Add(const TimeSpan& other);
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

// How long, for a person, in at most two units: "45 s", "12 min", "2 h 5 min", "3 d 4 h". `seconds`
// under 10 keep a digit: "2.5 s".
std::string DurationText(double seconds);

}  // namespace bouncesight
