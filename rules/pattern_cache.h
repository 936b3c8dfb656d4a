// Compiled databases of earlier runs. Compiling a thousand rules takes most of a second; a command
// that explains one reply need not pay that each time. The rules library only asks and offers:
// where the bytes are kept is the shell's business (daemon/system/pattern_cache_dir.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

class PatternCache {
 public:
  virtual ~PatternCache() = default;

  // What was stored under `key`, or nothing. The key covers the patterns, their flags and
  // Hyperscan's version; bytes that Hyperscan will not take (damaged, another kind of processor)
  // are compiled anew and stored again.
  virtual std::string Find(std::uint64_t key) = 0;
  // May fail silently: a cache is a convenience.
  virtual void Store(std::uint64_t key, std::string_view bytes) = 0;
};

}  // namespace bouncesight
