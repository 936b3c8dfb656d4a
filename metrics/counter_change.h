// What changed in counters, to bytes and back, by the list that counters.h has of them.
//
// A counter is its increase, as 64 bits that wrap around, so that any two values have one. An
// array, a `By` or a struct is a count of the cells that changed and, for each, how many cells it
// lies behind the one before, and its change.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "metrics/byte_codec.h"
#include "metrics/counter_codec.h"
#include "metrics/counters.h"

namespace bouncesight {

// Writes which of `size` things changed. differs(i); write(i).
template <typename Differs, typename Write>
void WriteChanged(ByteWriter& out, std::size_t size, Differs&& differs, Write&& write) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < size; ++i) count += differs(i) ? 1 : 0;
  out.Number(count);
  std::size_t next = 0;
  for (std::size_t i = 0; count > 0; ++i) {
    if (!differs(i)) continue;
    out.Number(i - next);
    write(i);
    next = i + 1;
    --count;
  }
}

// Calls read(i) for each that WriteChanged named; a number from `size` on is refused.
template <typename Read>
void ReadChanged(ByteReader& in, std::size_t size, Read&& read) {
  std::size_t next = 0;
  for (std::uint64_t left = in.Bounded(size); left > 0 && in.ok(); --left) {
    const std::uint64_t gap = in.Number();
    if (!in.ok() || gap >= size - next) return in.Fail();
    const std::size_t at = next + static_cast<std::size_t>(gap);
    read(at);
    next = at + 1;
    if (next == size && left > 1) return in.Fail();
  }
}

inline void WriteChange(ByteWriter& out, std::uint64_t before, std::uint64_t after) {
  out.Number(after - before);
}
template <typename Cell, std::size_t size>
void WriteChange(ByteWriter& out, const std::array<Cell, size>& before,
                 const std::array<Cell, size>& after) {
  WriteChanged(
      out, size, [&](std::size_t i) { return !(before[i] == after[i]); },
      [&](std::size_t i) { WriteChange(out, before[i], after[i]); });
}
inline void WriteChange(ByteWriter& out, const DelayHistogram& before,
                        const DelayHistogram& after) {
  WriteChange(out, before.buckets, after.buckets);
  WriteChange(out, before.sum_milliseconds, after.sum_milliseconds);
}
template <NameKind kind, typename Cell>
void WriteChange(ByteWriter& out, const By<kind, Cell>& before, const By<kind, Cell>& after) {
  WriteChanged(
      out, std::max(before.size(), after.size()),
      [&](std::size_t i) { return !(before.Of(i) == after.Of(i)); },
      [&](std::size_t i) { WriteChange(out, before.Of(i), after.Of(i)); });
}

inline void ReadChange(ByteReader& in, const NameCounts&, std::uint64_t& count) {
  count += in.Number();
}
template <typename Cell, std::size_t size>
void ReadChange(ByteReader& in, const NameCounts& names, std::array<Cell, size>& cells) {
  ReadChanged(in, size, [&](std::size_t i) { ReadChange(in, names, cells[i]); });
}
inline void ReadChange(ByteReader& in, const NameCounts& names, DelayHistogram& histogram) {
  ReadChange(in, names, histogram.buckets);
  ReadChange(in, names, histogram.sum_milliseconds);
}
template <NameKind kind, typename Cell>
void ReadChange(ByteReader& in, const NameCounts& names, By<kind, Cell>& cells) {
  // A cell whose name is gone may still go back to zero.
  const std::size_t size = std::max(names.Of(kind), cells.size());
  ReadChanged(in, size, [&](std::size_t i) { ReadChange(in, names, cells.Grown(i)); });
}

template <typename Counters>
void WriteCounterChanges(ByteWriter& out, const Counters& before, const Counters& after) {
  std::array<bool, 64> differs{};
  std::size_t size = 0;
  Counters::ForEach([&](const auto& was, const auto& is) { differs.at(size++) = !(was == is); },
                    before, after);
  WriteChanged(
      out, size, [&](std::size_t i) { return differs[i]; },
      [&](std::size_t wanted) {
        std::size_t i = 0;
        Counters::ForEach(
            [&](const auto& was, const auto& is) {
              if (i++ == wanted) WriteChange(out, was, is);
            },
            before, after);
      });
}

template <typename Counters>
void ReadCounterChanges(ByteReader& in, const NameCounts& names, Counters& counters) {
  ReadChanged(in, static_cast<std::size_t>(CountersOf(counters)), [&](std::size_t wanted) {
    std::size_t i = 0;
    Counters::ForEach(
        [&](auto& one) {
          if (i++ == wanted) ReadChange(in, names, one);
        },
        counters);
  });
}

}  // namespace bouncesight
