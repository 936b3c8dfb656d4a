// At most so many requests: a bucket of `burst` tokens to which one is added each `interval`, as
// the rate_limit of Prometheus' exporter toolkit has it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bouncesight {

struct RateLimit {
  std::chrono::milliseconds interval{0};  // 0: no limit
  std::uint32_t burst = 0;

  friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

// One thread.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Takes a token; false: there is none. Another limit than the last call's starts with a full
  // bucket.
  bool Allow(const RateLimit& limit, Time now) {
    if (limit.interval.count() == 0) return true;
    if (limit != limit_) {
      limit_ = limit;
      full_at_ = now;
    }
    // The bucket is known by when it will be full again.
    const Time after = std::max(full_at_, now) + limit.interval;
    if (after > now + limit.interval * limit.burst) return false;
    full_at_ = after;
    return true;
  }

 private:
  RateLimit limit_;
  Time full_at_;
};

}  // namespace bouncesight
