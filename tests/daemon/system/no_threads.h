// A system that has no thread left to give: as long as it lives, pthread_create fails with EAGAIN
// on its thread. The test program's own function of that name comes before libc's.
#pragma once

namespace bouncesight {

class NoThreads {
 public:
  NoThreads();
  ~NoThreads();
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

  int refused() const;  // so many were asked for on this thread
};

}  // namespace bouncesight
