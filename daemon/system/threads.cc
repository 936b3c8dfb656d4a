#include "daemon/system/threads.h"

#include <vector>

namespace bouncesight {

void RunOnCores(std::size_t jobs, const std::function<void()>& work) {
  std::vector<std::thread> others;
  while (others.size() + 1 < jobs) {
    std::thread other = TryThread(work);
    if (!other.joinable()) break;
    others.push_back(std::move(other));
  }
  work();
  for (std::thread& other : others) other.join();
}

}  // namespace bouncesight
