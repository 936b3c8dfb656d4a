#include "daemon/system/stamp_reader.h"

#include <ctime>

#include "parsers/text/ascii.h"
#include "parsers/text/civil_time.h"

namespace bouncesight {
namespace {

// Local time of this machine; the daylight saving that holds then.
UnixSeconds LocalPoint(const CivilTime& time) {
  std::tm parts{};
  parts.tm_year = time.year - 1900;
  parts.tm_mon = time.month - 1;
  parts.tm_mday = time.day;
  parts.tm_hour = time.hour;
  parts.tm_min = time.minute;
  parts.tm_sec = time.second;
  parts.tm_isdst = -1;
  return std::mktime(&parts);
}

UnixSeconds PointOfYear(const CivilTime& time) {
  return time.zone ? CivilSeconds(time) - *time.zone : LocalPoint(time);
}

}  // namespace

CivilTime LocalDay(UnixSeconds point) {
  const std::time_t seconds = point;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  CivilTime day;
  day.year = parts.tm_year + 1900;
  day.month = parts.tm_mon + 1;
  day.day = parts.tm_mday;
  return day;
}

std::optional<UnixSeconds> PointInTime(const CivilTime& time, UnixSeconds latest) {
  if (time.year != 0) return PointOfYear(time);
  CivilTime dated = time;
  const int newest = LocalDay(latest + kDaySeconds).year;
  for (int year = newest; year > newest - 9; --year) {  // a leap day may be eight years back
    dated.year = year;
    if (!IsDate(year, time.month, time.day)) continue;
    const UnixSeconds point = PointOfYear(dated);
    if (point <= latest + kDaySeconds) return point;
  }
  return std::nullopt;
}

int LocalOffset(UnixSeconds point) {
  const std::time_t seconds = point;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return static_cast<int>(parts.tm_gmtoff);
}

StampReader::StampReader(UnixSeconds written, const CivilTime& last) : StampReader(written) {
  const std::optional<UnixSeconds> point = PointInTime(last, written);
  if (point) last_year_ = LocalDay(*point).year;
}

std::optional<UnixSeconds> StampReader::Read(std::string_view stamp, int years_back) {
  if (years_back == last_years_back_) {
    if (const auto point = last_.Read(stamp)) return point;
  }
  const std::optional<UnixSeconds> point = ReadAnew(stamp, years_back);
  last_.Forget();
  if (point) last_.Remember(stamp, *point);
  last_years_back_ = years_back;
  return point;
}

std::optional<UnixSeconds> StampReader::ReadAnew(std::string_view stamp, int years_back) {
  std::optional<CivilTime> time = ReadCivilTime(stamp);
  if (time && time->year == 0 && last_year_) {
    time->year = *last_year_ - years_back;
    if (!IsDate(time->year, time->month, time->day)) time.reset();
  }
  return time ? Resolve(*time) : std::nullopt;
}

// Local time needs the zone's table, which is slow to ask. Clocks are changed at whole quarters of
// an hour, so that the answer holds for the stamp's quarter.
std::optional<UnixSeconds> StampReader::Resolve(const CivilTime& time) {
  if (time.year != 0 && time.zone) return CivilSeconds(time) - *time.zone;
  CivilTime quarter = time;
  quarter.minute -= quarter.minute % 15;
  quarter.second = 0;
  if (!known_ || quarter != *known_) {
    const std::optional<UnixSeconds> starts = PointInTime(quarter, written_);
    if (!starts) return std::nullopt;
    known_ = quarter;
    quarter_starts_ = *starts;
  }
  return quarter_starts_ + time.minute % 15 * 60 + time.second;
}

}  // namespace bouncesight
