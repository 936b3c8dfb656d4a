#include "parsers/text/minute_memo.h"

#include "parsers/text/ascii.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// Where a fraction ends that begins at `at`; `at`: there is none.
std::size_t FractionEnd(std::string_view stamp, std::size_t at) {
  if (at >= stamp.size() || stamp[at] != '.') return at;
  for (++at; at < stamp.size() && IsDigit(stamp[at]); ++at) {
  }
  return at;
}

}  // namespace

void MinuteMemo::Remember(std::string_view stamp, std::int64_t seconds) {
  Forget();
  // "2026-11-21T17:00:05…" or "Nov 21 17:00:05": the seconds stand behind the second colon.
  constexpr std::size_t kIso = 17, kBsd = 13;
  if (stamp.size() > kLongest) return;
  for (const std::size_t at : {kIso, kBsd}) {
    if (stamp.size() < at + 2 || stamp[at - 1] != ':' || stamp[at - 4] != ':') continue;
    if (!IsDigit(stamp[at]) || !IsDigit(stamp[at + 1])) continue;
    seconds_at_ = at;
    zone_at_ = FractionEnd(stamp, at + 2);
    minute_starts_ = seconds - ((stamp[at] - '0') * 10 + (stamp[at + 1] - '0'));
    size_ = stamp.copy(stamp_.data(), stamp_.size());
    return;
  }
}

std::optional<std::int64_t> MinuteMemo::Read(std::string_view stamp) const {
  if (stamp.size() != size_ || size_ == 0) return std::nullopt;
  const std::string_view last(stamp_.data(), size_);
  if (!SameBytes(stamp.substr(0, seconds_at_), last.substr(0, seconds_at_))) return std::nullopt;
  if (FractionEnd(stamp, seconds_at_ + 2) != zone_at_) return std::nullopt;
  if (!SameBytes(stamp.substr(zone_at_), last.substr(zone_at_))) return std::nullopt;
  const char tens = stamp[seconds_at_], ones = stamp[seconds_at_ + 1];
  if (!IsDigit(tens) || !IsDigit(ones) || tens > '5') return std::nullopt;
  return minute_starts_ + (tens - '0') * 10 + (ones - '0');
}

}  // namespace bouncesight
