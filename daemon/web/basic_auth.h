// HTTP basic authentication (RFC 7617) against bcrypt hashes. A bcrypt check takes tens of
// milliseconds on purpose, so what one found is remembered: the next scrape costs a hash of its
// header only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/system/mutex.h"

namespace bouncesight {

// Thread-safe.
class BasicAuth {
 public:
  using Users = std::map<std::string, std::string>;  // name to bcrypt hash

  BasicAuth();

  // What an earlier Check of the same header against the same users found; quick.
  std::optional<bool> Recall(const Users& users, std::string_view authorization);
  // True if the header `authorization` names one of `users` and its password. Slow by design, and
  // as slow for a name that does not exist.
  bool Check(const Users& users, std::string_view authorization);

 private:
  using Digest = std::array<unsigned char, 32>;
  static constexpr std::size_t kRemembered = 128;

  Digest DigestOf(std::string_view hash, std::string_view authorization) const;
  void Remember(const Digest& digest, bool good);

  std::array<unsigned char, 32>
      key_;  // random: a digest tells nothing, and cannot be made to clash
  Mutex mutex_;
  struct Entry {
    Digest digest{};
    bool good = false;
    bool used = false;
  };
  std::array<Entry, kRemembered> entries_
      GUARDED_BY(mutex_);  // good ones in the first half, bad ones in the second
  std::array<std::size_t, 2> next_ GUARDED_BY(mutex_){};
};

}  // namespace bouncesight
