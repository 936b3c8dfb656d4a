// When to try again what failed: after 0.25 s, then twice as long each time, at most 30 s.
#pragma once

#include <algorithm>
#include <chrono>

namespace bouncesight {

class Backoff {
 public:
  using Time = std::chrono::steady_clock::time_point;

  bool Due(Time now) const { return now >= next_; }
  void Fail(Time now) {
    next_ = now + delay_;
    delay_ = std::min(delay_ * 2, kLongest);
    ++failures_;
  }
  void Succeed() { *this = Backoff(); }
  int failures() const { return failures_; }

 private:
  static constexpr std::chrono::milliseconds kLongest{30'000};

  Time next_ = Time::min();
  std::chrono::milliseconds delay_{250};
  int failures_ = 0;
};

}  // namespace bouncesight
