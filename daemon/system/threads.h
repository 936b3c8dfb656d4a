// Threads, where the system may have none left to give (TasksMax of the unit, `ulimit -u`). To make
// a std::thread throws then, and ends a daemon that has followed its logs for months.
#pragma once

#include <cstddef>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>

namespace bouncesight {

// Not joinable where the system gives none; `work` is gone then.
template <typename Work>
std::thread TryThread(Work work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error&) {
    return {};
  }
}

// Calls `work` on the caller's thread and on others, `jobs` in all, or as many as the system gives;
// returns when all have come back.
void RunOnCores(std::size_t jobs, const std::function<void()>& work);

}  // namespace bouncesight
