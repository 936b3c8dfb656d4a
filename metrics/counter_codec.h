// Counters to bytes and back, by the list that counters.h has of them.
//
// A struct is a count of its counters and each of them; an array a count and its items; a `By` the
// count of its cells that are not zero and, for each, its number and the cell; a histogram its
// buckets and its sum. What is shorter than this program's own is the work of an older one, the
// rest is zero; what is longer is refused.
#pragma once

#include <array>
#include <cstdint>

#include "metrics/byte_codec.h"
#include "metrics/counters.h"

namespace bouncesight {

inline void WriteCounter(ByteWriter& out, std::uint64_t count) { out.Number(count); }
template <typename Cell, std::size_t size>
void WriteCounter(ByteWriter& out, const std::array<Cell, size>& cells) {
  out.Number(size);
  for (const Cell& cell : cells) WriteCounter(out, cell);
}
inline void WriteCounter(ByteWriter& out, const DelayHistogram& histogram) {
  WriteCounter(out, histogram.buckets);
  out.Number(histogram.sum_milliseconds);
}
template <NameKind kind, typename Cell>
void WriteCounter(ByteWriter& out, const By<kind, Cell>& cells) {
  std::uint64_t used = 0;
  for (const Cell& cell : cells) used += IsZero(cell) ? 0 : 1;
  out.Number(used);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (IsZero(cells[i])) continue;
    out.Number(i);
    WriteCounter(out, cells[i]);
  }
}

// How many names there are of each kind: a number beyond is refused.
struct NameCounts {
  std::size_t causes = 0, providers = 0, rules = 0;

  std::size_t Of(NameKind kind) const {
    return kind == NameKind::kCause ? causes : kind == NameKind::kProvider ? providers : rules;
  }
};

inline void ReadCounter(ByteReader& in, const NameCounts&, std::uint64_t& count) {
  count = in.Number();
}
template <typename Cell, std::size_t size>
void ReadCounter(ByteReader& in, const NameCounts& names, std::array<Cell, size>& cells) {
  const auto count = static_cast<std::size_t>(in.Bounded(size));
  for (std::size_t i = 0; i < count; ++i) ReadCounter(in, names, cells[i]);
}
inline void ReadCounter(ByteReader& in, const NameCounts& names, DelayHistogram& histogram) {
  ReadCounter(in, names, histogram.buckets);
  histogram.sum_milliseconds = in.Number();
}
template <NameKind kind, typename Cell>
void ReadCounter(ByteReader& in, const NameCounts& names, By<kind, Cell>& cells) {
  std::size_t next = 0;
  for (std::uint64_t left = in.Bounded(names.Of(kind)); left > 0 && in.ok(); --left) {
    const std::uint64_t number = in.Number();
    if (number < next || number >= names.Of(kind)) return in.Fail();
    next = static_cast<std::size_t>(number) + 1;
    ReadCounter(in, names, cells.Grown(next - 1));
  }
}

template <typename Counters>
std::uint64_t CountersOf(const Counters& counters) {
  std::uint64_t count = 0;
  Counters::ForEach([&](const auto&) { ++count; }, counters);
  return count;
}

template <typename Counters>
void WriteCounters(ByteWriter& out, const Counters& counters) {
  out.Number(CountersOf(counters));
  Counters::ForEach([&](const auto& one) { WriteCounter(out, one); }, counters);
}

template <typename Counters>
void ReadCounters(ByteReader& in, const NameCounts& names, Counters& counters) {
  std::uint64_t left = in.Bounded(CountersOf(counters));
  Counters::ForEach(
      [&](auto& one) {
        if (left == 0) return;
        --left;
        ReadCounter(in, names, one);
      },
      counters);
}

}  // namespace bouncesight
