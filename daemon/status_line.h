// What `systemctl status` says of a running daemon: "1200 lines/s, 0 bytes behind", and of
// a source that does not read all it looks for "; mail: 1 missing".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/count/published.h"

namespace bouncesight {

// One thread.
class StatusLine {
 public:
  static constexpr std::chrono::seconds kInterval{10};

  // The line, at its first use and then each interval; nullopt between.
  std::optional<std::string> Next(const Published& published,
                                  std::chrono::steady_clock::time_point now);

 private:
  std::optional<std::chrono::steady_clock::time_point> said_;
  std::uint64_t lines_ = 0;
};

}  // namespace bouncesight
