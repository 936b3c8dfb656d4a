#include "daemon/history/block_marks.h"

#include <array>

#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

constexpr std::size_t kHashes = 5;
constexpr std::uint64_t kBits = BlockMarks::kBytes * 8;

// FNV-1a, then the finaliser of SplitMix64; the two halves give all positions (A. Kirsch, M.
// Mitzenmacher, 2006).
std::uint64_t HashOf(MarkedColumn column, std::string_view value) {
  Fnv1a bytes;
  bytes.Add(static_cast<char>(column));
  bytes.Add(value);
  return MixBits(bytes.value());
}

std::array<std::size_t, kHashes> PlacesOf(MarkedColumn column, std::string_view value) {
  const std::uint64_t hash = HashOf(column, value);
  const std::uint64_t step = (hash >> 32U) | 1U;
  std::array<std::size_t, kHashes> places{};
  for (std::size_t i = 0; i < kHashes; ++i) {
    places[i] = static_cast<std::size_t>(((hash & 0xFFFFFFFFU) + i * step) % kBits);
  }
  return places;
}

}  // namespace

void BlockMarks::Add(MarkedColumn column, std::string_view value) {
  if (value.empty()) return;
  for (const std::size_t place : PlacesOf(column, value)) {
    bytes_[place / 8] =
        static_cast<char>(static_cast<unsigned char>(bytes_[place / 8]) | (1U << (place % 8)));
  }
}

bool BlockMarks::MayHold(std::string_view stored, MarkedColumn column, std::string_view value) {
  if (stored.size() != kBytes) return true;
  for (const std::size_t place : PlacesOf(column, value)) {
    if ((static_cast<unsigned char>(stored[place / 8]) >> (place % 8) & 1U) == 0) return false;
  }
  return true;
}

}  // namespace bouncesight
