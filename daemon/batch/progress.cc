#include "daemon/batch/progress.h"

#include <cstdio>

namespace bouncesight {
namespace {

constexpr std::int64_t kIntervalMs = 100;
constexpr double kGigabyte = 1e9;

}  // namespace

Progress::Progress(const std::vector<LogRange>& ranges, bool enabled) : enabled_(enabled) {
  for (const LogRange& range : ranges) {
    if (range.begin == 0 && range.file_bytes == 0) {
      total_ = 0;
      return;
    }
    if (range.begin == 0) total_ += range.file_bytes;
  }
}

void Progress::Add(std::uint64_t bytes) {
  if (!enabled_) return;
  const std::uint64_t done = done_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  const Clock::time_point now = Clock::now();
  const std::int64_t ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count();
  std::int64_t due = next_show_ms_.load(std::memory_order_relaxed);
  // Of the jobs that come here at once only one moves the mark on, and shows.
  if (ms >= due && next_show_ms_.compare_exchange_strong(due, ms + kIntervalMs)) Show(done, now);
}

void Progress::Show(std::uint64_t done, Clock::time_point now) {
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double gigabytes = static_cast<double>(done) / kGigabyte;
  if (total_ != 0 && total_ >= done) {
    std::fprintf(stderr, "\r%.2f of %.2f GB, %.2f GB/s \x1b[K", gigabytes,
                 static_cast<double>(total_) / kGigabyte, gigabytes / seconds);
  } else {
    std::fprintf(stderr, "\r%.2f GB, %.2f GB/s \x1b[K", gigabytes, gigabytes / seconds);
  }
}

void Progress::Finish() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

}  // namespace bouncesight
