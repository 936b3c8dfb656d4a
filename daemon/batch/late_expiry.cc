#include "daemon/batch/late_expiry.h"

#include <algorithm>
#include <set>

#include "daemon/batch/literal_search.h"

namespace bouncesight {

std::size_t FirstOfLog(const std::vector<LogRange>& ranges, const LateExpiry& late) {
  std::size_t range = late.range;
  while (ranges[range].begin > 0) --range;
  return range;
}

namespace {

// Texts are compiled for a search; so many at once do not show.
constexpr std::size_t kMostTexts = 4000;

Status ReadPart(const std::vector<LogRange>& ranges, const std::vector<LateExpiry>& late,
                const LateLine& one) {
  std::set<std::string> ids;
  for (const LateExpiry& each : late) ids.insert(each.queue_id);
  auto search = LiteralSearch::For({ids.begin(), ids.end()}, false);
  if (!search) return search.error();
  auto next = late.begin();
  for (std::size_t i = FirstOfLog(ranges, late.front()); i <= late.back().range; ++i) {
    Status read = search->Search(ranges[i], [&](std::string_view text, std::uint64_t number) {
      const bool is_next = next != late.end() && next->range == i && next->line == number;
      const LateExpiry* const expiry = is_next ? &*next++ : nullptr;
      one(i, {text, expiry != nullptr ? expiry->end_offset : 0, false, true}, expiry);
    });
    if (!read) return read;
  }
  return Ok{};
}

}  // namespace

Status ReadLateMessages(const std::vector<LogRange>& ranges, const std::vector<LateExpiry>& late,
                        const LateLine& one) {
  for (std::size_t first = 0; first < late.size(); first += kMostTexts) {
    const auto begin = late.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        late.begin() + static_cast<std::ptrdiff_t>(std::min(first + kMostTexts, late.size()));
    if (Status read = ReadPart(ranges, {begin, end}, one); !read) return read;
  }
  return Ok{};
}

}  // namespace bouncesight
