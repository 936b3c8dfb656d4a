#include "daemon/batch/late_expiry.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <span>
#include <utility>

#include "daemon/batch/literal_search.h"
#include "daemon/system/threads.h"

namespace bouncesight {

std::size_t FirstOfLog(const std::vector<LogRange>& ranges, std::size_t range) {
  while (ranges[range].begin > 0) --range;
  return range;
}

namespace {

// Texts are compiled for a search; so many at once do not show.
constexpr std::size_t kMostTexts = 4000;

// Of a range, so that a log all of whose lines are searched for does not fill the memory.
constexpr std::size_t kMostKept = std::size_t{4} << 20U;

// What a search found in one range, ahead of its turn.
class FoundAhead {
 public:
  void Keep(std::string_view line, std::uint64_t number) {
    if (text_.size() + line.size() > kMostKept) whole_ = false;
    if (!whole_) return;
    text_ += line;
    ends_.emplace_back(text_.size(), number);
  }
  void Drop() { whole_ = false; }

  // If not, the range is to be searched again.
  bool whole() const { return whole_; }
  void Give(const LiteralSearch::Found& found) const {
    std::size_t begin = 0;
    for (const auto& [end, number] : ends_) {
      found(std::string_view(text_).substr(begin, end - begin), number);
      begin = end;
    }
  }

 private:
  std::string text_;
  std::vector<std::pair<std::size_t, std::uint64_t>> ends_;  // in text_; the line's number
  bool whole_ = true;
};

// Searches `ranges`, every one by whichever job is free.
std::vector<FoundAhead> SearchAhead(std::span<const LogRange> ranges, const LiteralSearch& search,
                                    unsigned jobs) {
  std::vector<FoundAhead> all(ranges.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    Result<LiteralSearch> mine = search.Another();
    for (std::size_t i = next++; i < ranges.size(); i = next++) {
      FoundAhead& here = all[i];
      const auto keep = [&](std::string_view line, std::uint64_t number) {
        here.Keep(line, number);
      };
      if (!mine || !mine->Search(ranges[i], keep)) here.Drop();
    }
  };
  RunOnCores(std::min<std::size_t>(jobs, ranges.size()), work);
  return all;
}

Status ReadPart(const std::vector<LogRange>& ranges, const std::vector<LateExpiry>& late,
                unsigned jobs, const LateLine& one) {
  std::set<std::string> ids;
  for (const LateExpiry& each : late) ids.insert(each.queue_id);
  auto search = LiteralSearch::For({ids.begin(), ids.end()}, false);
  if (!search) return search.error();
  const std::size_t first = FirstOfLog(ranges, late.front().range);
  const std::span of_log = std::span(ranges).subspan(first, late.back().range + 1 - first);
  const std::vector<FoundAhead> ahead = SearchAhead(of_log, *search, jobs);
  auto next = late.begin();
  for (std::size_t i = first; i <= late.back().range; ++i) {
    const auto found = [&](std::string_view text, std::uint64_t number) {
      const bool is_next = next != late.end() && next->range == i && next->line == number;
      const LateExpiry* const expiry = is_next ? &*next++ : nullptr;
      one(i, {text, expiry != nullptr ? expiry->end_offset : 0, false, true}, expiry);
    };
    const FoundAhead& here = ahead[i - first];
    if (here.whole()) {
      here.Give(found);
    } else if (Status read = search->Search(ranges[i], found); !read) {
      return read;
    }
  }
  return Ok{};
}

}  // namespace

Status ReadLateMessages(const std::vector<LogRange>& ranges, const std::vector<LateExpiry>& late,
                        unsigned jobs, const LateLine& one) {
  for (std::size_t first = 0; first < late.size(); first += kMostTexts) {
    const auto begin = late.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        late.begin() + static_cast<std::ptrdiff_t>(std::min(first + kMostTexts, late.size()));
    if (Status read = ReadPart(ranges, {begin, end}, jobs, one); !read) return read;
  }
  return Ok{};
}

}  // namespace bouncesight
