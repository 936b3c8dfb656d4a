// A clock that stands still until a test moves it.
#pragma once

#include <chrono>

#include "daemon/system/clock.h"

namespace bouncesight {

class FakeClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::hours(1)) + steady_;
  }
  std::chrono::system_clock::time_point Wall() const override {
    return std::chrono::system_clock::time_point(std::chrono::hours(500'000)) + wall_;
  }

  void Advance(std::chrono::milliseconds by) {
    steady_ += by;
    wall_ += by;
  }
  void StepWall(std::chrono::milliseconds by) { wall_ += by; }

 private:
  std::chrono::milliseconds steady_{0};
  std::chrono::milliseconds wall_{0};
};

}  // namespace bouncesight
