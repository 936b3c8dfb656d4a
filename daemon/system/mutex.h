// A mutex that Clang's -Wthread-safety knows of: a member marked GUARDED_BY(mutex_) that is read or
// written without it, or a function marked REQUIRES(mutex_) that is called without it, does not
// compile in the clang and fuzz presets. The standard library's own mutex carries no such marks.
// Under GCC the marks are nothing. https://clang.llvm.org/docs/ThreadSafetyAnalysis.html names
// them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define BOUNCESIGHT_MARK(mark) __attribute__((mark))
#else
#define BOUNCESIGHT_MARK(mark)
#endif

#define CAPABILITY(name) BOUNCESIGHT_MARK(capability(name))
#define SCOPED_CAPABILITY BOUNCESIGHT_MARK(scoped_lockable)
#define GUARDED_BY(mutex) BOUNCESIGHT_MARK(guarded_by(mutex))
#define REQUIRES(mutex) BOUNCESIGHT_MARK(requires_capability(mutex))
#define ACQUIRE(...) BOUNCESIGHT_MARK(acquire_capability(__VA_ARGS__))
#define RELEASE(...) BOUNCESIGHT_MARK(release_capability(__VA_ARGS__))

namespace bouncesight {

class CAPABILITY("mutex") Mutex {
 public:
  void Lock() ACQUIRE() { mutex_.lock(); }
  void Unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class Signal;
  std::mutex mutex_;
};

// Holds a mutex for a scope.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition variable. What is waited for is asked again by the caller, in a loop: a wait may end
// for no reason.
class Signal {
 public:
  void NotifyAll() { condition_.notify_all(); }

  void Wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // False: `time` came first.
  bool WaitUntil(Mutex& mutex, std::chrono::steady_clock::time_point time) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    const bool in_time = condition_.wait_until(lock, time) == std::cv_status::no_timeout;
    lock.release();
    return in_time;
  }

 private:
  std::condition_variable condition_;
};

}  // namespace bouncesight
