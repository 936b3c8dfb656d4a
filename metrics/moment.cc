#include "metrics/moment.h"

#include <algorithm>
#include <cstdio>

#include "parsers/text/civil_time.h"

namespace bouncesight {
namespace {

template <typename... Values>
std::string Printed(const char* format, Values... values) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

std::string Offset(int offset, const char* format) {
  const int minutes = (offset < 0 ? -offset : offset) / 60;
  return Printed(format, offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

std::string Rfc3339(const Moment& moment) {
  const CivilTime at = CivilOfSeconds(moment.seconds + moment.offset);
  return Printed("%04d-%02d-%02dT%02d:%02d:%02d", at.year, at.month, at.day, at.hour, at.minute,
                 at.second) +
         Offset(moment.offset, "%c%02d:%02d");
}

std::string DateAndTime(const Moment& moment) {
  const CivilTime at = CivilOfSeconds(moment.seconds + moment.offset);
  return Printed("%04d-%02d-%02d %02d:%02d", at.year, at.month, at.day, at.hour, at.minute);
}

std::string ZoneText(const Moment& moment) { return Offset(moment.offset, "%c%02d%02d"); }

void TimeSpan::Note(std::int64_t seconds) {
  first = first ? std::min(*first, seconds) : seconds;
  last = last ? std::max(*last, seconds) : seconds;
}

void TimeSpan::Add(const TimeSpan& other) {
  if (other.first) Note(*other.first);
  if (other.last) Note(*other.last);
}

std::string DurationText(double seconds) {
  if (seconds < 9.95) return Printed("%.1f s", seconds);
  if (seconds < 59.5) return Printed("%.0f s", seconds);
  if (seconds < 3570) return Printed("%.0f min", seconds / 60);
  const auto two = [](long long all, long long unit, const char* big, const char* small) {
    const std::string rest = all % unit == 0 ? "" : Printed(" %lld %s", all % unit, small);
    return Printed("%lld %s", all / unit, big) + rest;
  };
  const auto minutes = static_cast<long long>(seconds / 60 + 0.5);
  if (minutes < 24 * 60) return two(minutes, 60, "h", "min");
  return two((minutes + 30) / 60, 24, "d", "h");
}

}  // namespace bouncesight
