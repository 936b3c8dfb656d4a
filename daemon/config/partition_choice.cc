#include "daemon/config/partition_choice.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <string_view>

namespace bouncesight {
namespace {

constexpr const char* kRemedy = "write all, [0, 2, 4-7], or shard 2/4";

// A number that `text` begins with, which is taken off.
std::optional<std::int32_t> TakeNumber(std::string_view& text) {
  std::int32_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return number;
}

Error Wrong(std::string_view text, const char* what) {
  return Error{"`" + std::string(text) + "`: " + what};
}

Result<PartitionChoice> ParseShard(std::string_view text) {
  std::string_view rest = text.substr(std::string_view("shard ").size());
  const auto shard = TakeNumber(rest);
  const bool slash = rest.starts_with('/');
  if (slash) rest.remove_prefix(1);
  const auto shards = slash ? TakeNumber(rest) : std::nullopt;
  if (!shard || !shards || !rest.empty()) return Wrong(text, kRemedy);
  if (*shard < 1 || *shard > *shards || *shards > PartitionChoice::kMost) {
    return Wrong(text, "shards are counted from 1: of four there are 1/4, 2/4, 3/4 and 4/4");
  }
  PartitionChoice choice;
  choice.shard = static_cast<std::uint32_t>(*shard);
  choice.shards = static_cast<std::uint32_t>(*shards);
  return choice;
}

Result<PartitionChoice::Range> ParseRange(std::string_view text) {
  std::string_view rest = text;
  const auto first = TakeNumber(rest);
  auto last = first;
  if (first && rest.starts_with('-')) {
    rest.remove_prefix(1);
    last = TakeNumber(rest);
  }
  if (!first || !last || !rest.empty()) return Wrong(text, kRemedy);
  if (*last < *first || *last >= PartitionChoice::kMost) {
    return Wrong(text, "write the lower number first, up to 99999");
  }
  return PartitionChoice::Range{*first, *last};
}

// Sorted, and those that touch are one.
void Tidy(std::vector<PartitionChoice::Range>& ranges) {
  std::ranges::sort(ranges, {}, &PartitionChoice::Range::first);
  std::size_t kept = 0;
  for (const auto& range : ranges) {
    if (kept > 0 && range.first <= ranges[kept - 1].last + 1) {
      ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
    } else {
      ranges[kept++] = range;
    }
  }
  ranges.resize(kept);
}

}  // namespace

bool PartitionChoice::Holds(std::int32_t partition) const {
  if (ranges.empty()) return static_cast<std::uint32_t>(partition) % shards + 1 == shard;
  return std::ranges::any_of(ranges, [&](const Range& range) {
    return partition >= range.first && partition <= range.last;
  });
}

Result<PartitionChoice> ParsePartitions(const std::vector<std::string>& texts) {
  PartitionChoice choice;
  if (texts.size() == 1 && texts.front() == "all") return choice;
  if (texts.size() == 1 && texts.front().starts_with("shard ")) return ParseShard(texts.front());
  if (texts.empty()) return Error{std::string("names no partition; ") + kRemedy};
  choice.ranges.reserve(texts.size());
  for (const std::string& text : texts) {
    const auto range = ParseRange(text);
    if (!range) return range.error();
    choice.ranges.push_back(*range);
  }
  Tidy(choice.ranges);
  return choice;
}

bool MayMeet(const PartitionChoice& one, const PartitionChoice& other) {
  if (one.ranges.empty() && other.ranges.empty()) {
    const std::uint32_t step = std::gcd(one.shards, other.shards);
    return one.shard % step == other.shard % step;
  }
  if (one.ranges.empty()) return MayMeet(other, one);
  return std::ranges::any_of(one.ranges, [&](const PartitionChoice::Range& range) {
    for (std::int32_t partition = range.first; partition <= range.last; ++partition) {
      if (other.Holds(partition)) return true;
    }
    return false;
  });
}

}  // namespace bouncesight
