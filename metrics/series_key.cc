#include "metrics/series_key.h"

namespace bouncesight {
namespace {
std::uint64_t Mix(std::uint64_t value) {  // the finaliser of SplitMix64
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}
}  // namespace

std::uint64_t HashKey(const SeriesKey& key, std::uint64_t seed) {
  const std::uint64_t names = std::uint64_t{key.domain} << 32 | std::uint64_t{key.provider} << 16 |
                              std::uint64_t{key.cause};
  const std::uint64_t codes =
      std::uint64_t{key.code} << 48 | std::uint64_t{key.enhanced.subject} << 32 |
      std::uint64_t{key.enhanced.detail} << 16 | std::uint64_t{key.enhanced.status_class} << 8 |
      std::uint64_t{key.outcome};
  return Mix(names + Mix(codes + Mix(key.source ^ seed)));
}

std::uint64_t HashKey(const DomainKey& key, std::uint64_t seed) {
  return Mix((std::uint64_t{key.domain} << 32 | std::uint64_t{key.provider} << 8 |
              std::uint64_t{key.outcome}) ^
             seed);
}

}  // namespace bouncesight
