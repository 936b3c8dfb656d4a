// How far a long read is, on stderr's last line: "12.40 of 40.13 GB, 1.92 GB/s".
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

#include "daemon/batch/log_input.h"

namespace bouncesight {

// Add is safe from any thread and costs an atomic addition and a look at the clock; the line is
// written at most ten times per second, by one of the callers.
class Progress {
 public:
  // Shows nothing if not `enabled`.
  Progress(const std::vector<LogRange>& ranges, bool enabled);

  void Add(std::uint64_t bytes);
  // Takes the line away again.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;

  void Show(std::uint64_t done, Clock::time_point now);

  bool enabled_;
  bool shown_ = false;
  std::uint64_t total_ = 0;  // 0: unknown, something comes from a pipe
  std::atomic<std::uint64_t> done_{0};
  Clock::time_point start_ = Clock::now();
  std::atomic<std::int64_t> next_show_ms_{500};
};

}  // namespace bouncesight
