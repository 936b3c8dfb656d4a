// The seam for time. Everything in daemon/ that waits or measures asks a Clock, so that a test can
// hold time still, step it, or let it run years.
#pragma once

#include <chrono>

namespace bouncesight {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // For every interval and deadline: never steps.
  virtual std::chrono::steady_clock::time_point Steady() const = 0;
  // For display only (timestamps in metrics): may step either way.
  virtual std::chrono::system_clock::time_point Wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::now();
  }
  std::chrono::system_clock::time_point Wall() const override {
    return std::chrono::system_clock::now();
  }
};

}  // namespace bouncesight
