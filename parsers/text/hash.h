// The hash functions: of bytes for tables in memory, of bytes for what is written down, of numbers.
// Functions of their input alone; none is for secrets.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace bouncesight {

// FNV-1a, 64 bits: the same on every machine and in every version, so that what the state or the
// compiled catalogue remembers is known again. A byte at a time, from either end.
class Fnv1a {
 public:
  constexpr void Add(char c) { value_ = (value_ ^ static_cast<std::uint8_t>(c)) * kPrime; }
  constexpr void Add(std::string_view bytes) {
    for (const char c : bytes) Add(c);
  }
  constexpr std::uint64_t value() const { return value_; }

 private:
  static constexpr std::uint64_t kPrime = 0x100000001b3;
  std::uint64_t value_ = 0xcbf29ce484222325;
};

inline std::uint64_t StableHash(std::string_view bytes) {
  Fnv1a hash;
  hash.Add(bytes);
  return hash.value();
}

// The finaliser of SplitMix64: every bit of a number tells on all of them. The same in every
// version, too.
constexpr std::uint64_t MixBits(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

namespace hash_detail {

__extension__ using Wide = unsigned __int128;

inline std::uint64_t Fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template <typename Word>
std::uint64_t Load(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Less than eight bytes, of a machine that puts the lowest first, as all do that this is built for.
// Loads that overlap give the same as a copy of `count` bytes, which would be a call.
inline std::uint64_t LoadRest(const char* bytes, std::size_t count) {
  if (count >= 4) {
    return Load<std::uint32_t>(bytes) | Load<std::uint32_t>(bytes + count - 4) << (8 * (count - 4));
  }
  const std::size_t middle = count / 2;
  return Load<std::uint8_t>(bytes) | Load<std::uint8_t>(bytes + middle) << (8 * middle) |
         Load<std::uint8_t>(bytes + count - 1) << (8 * (count - 1));
}

}  // namespace hash_detail

// For hash tables, eight bytes at a time; hashes of parts are chained by the seed. Tables that
// strangers fill take a seed that differs from run to run, unless their chains are bounded. Tables
// that the state keeps write such hashes down, with a fixed seed: it must not change.
inline std::uint64_t HashBytes(std::string_view bytes, std::uint64_t seed) {
  using hash_detail::Fold;
  using hash_detail::Load;
  using hash_detail::LoadRest;
  constexpr std::uint64_t kFirst = 0xa0761d6478bd642fULL, kSecond = 0xe7037ed1a0b428dbULL;
  std::uint64_t hash = Fold(seed ^ kFirst, bytes.size() ^ kSecond);
  while (bytes.size() >= 8) {
    hash = Fold(hash ^ Load<std::uint64_t>(bytes.data()), kSecond);
    bytes.remove_prefix(8);
  }
  if (!bytes.empty()) hash = Fold(hash ^ LoadRest(bytes.data(), bytes.size()), kFirst);
  return Fold(hash ^ kFirst, kSecond);
}

}  // namespace bouncesight
