#include "metrics/series_key.h"

#include "parsers/text/hash.h"

namespace bouncesight {
std::uint64_t HashKey(const SeriesKey& key, std::uint64_t seed) {
  const std::uint64_t names = std::uint64_t{key.domain} << 32 | std::uint64_t{key.provider} << 16 |
                              std::uint64_t{key.cause};
  const std::uint64_t codes =
      std::uint64_t{key.code} << 48 | std::uint64_t{key.enhanced.subject} << 32 |
      std::uint64_t{key.enhanced.detail} << 16 | std::uint64_t{key.enhanced.status_class} << 8 |
      std::uint64_t{key.outcome};
  return MixBits(names + MixBits(codes + MixBits(key.source ^ seed)));
}

std::uint64_t HashKey(const DomainKey& key, std::uint64_t seed) {
  return MixBits((std::uint64_t{key.domain} << 32 | std::uint64_t{key.provider} << 8 |
                  std::uint64_t{key.outcome}) ^
                 seed);
}

}  // namespace bouncesight
