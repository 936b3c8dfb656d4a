// The seam for time. Whatever judges an interval or a deadline asks a Clock, so that a test can
// hold time still, step it, or let it run years. Only the waiting itself is the system's: Asio's
// timers, condition variables, and how long a thread waits for another.
#pragma once

#include <chrono>

namespace bouncesight {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // For every interval and deadline: never steps.
  virtual std::chrono::steady_clock::time_point Steady() const = 0;
  // For time stamps that are shown or compared with a log's: may step either way.
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
