// A clock that stands still until a test moves it, from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "daemon/system/clock.h"

namespace bouncesight {

class FakeClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::hours(1)) +
           std::chrono::milliseconds(steady_);
  }
  std::chrono::system_clock::time_point Wall() const override {
    return std::chrono::system_clock::time_point(std::chrono::hours(500'000)) +
           std::chrono::milliseconds(wall_);
  }

  void Advance(std::chrono::milliseconds by) {
    steady_ += by.count();
    wall_ += by.count();
  }
  void StepWall(std::chrono::milliseconds by) { wall_ += by.count(); }

 private:
  std::atomic<std::int64_t> steady_{0};  // milliseconds
  std::atomic<std::int64_t> wall_{0};
};

}  // namespace bouncesight
