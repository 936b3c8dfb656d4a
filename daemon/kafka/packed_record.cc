#include "daemon/kafka/packed_record.h"

#include <charconv>

namespace bouncesight {

std::optional<ByteRange> ParseRange(std::string_view text) {
  ByteRange range;
  const char* const end = text.data() + text.size();
  const auto begin = std::from_chars(text.data(), end, range.begin);
  if (begin.ec != std::errc{} || begin.ptr == end || *begin.ptr != '-') return std::nullopt;
  const auto last = std::from_chars(begin.ptr + 1, end, range.end);
  if (last.ec != std::errc{} || last.ptr != end || range.end < range.begin) return std::nullopt;
  return range;
}

std::string RangeText(const ByteRange& range) {
  return std::to_string(range.begin) + "-" + std::to_string(range.end);
}

}  // namespace bouncesight
