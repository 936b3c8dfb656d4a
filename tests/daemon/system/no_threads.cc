#include "tests/daemon/system/no_threads.h"

#include <cerrno>

#include <dlfcn.h>
#include <pthread.h>

namespace bouncesight {
namespace {

thread_local bool armed_threads = false;
thread_local int refused_threads = 0;

using Create = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

}  // namespace

NoThreads::NoThreads() {
  armed_threads = true;
  refused_threads = 0;
}
NoThreads::~NoThreads() { armed_threads = false; }
int NoThreads::refused() const { return refused_threads; }

}  // namespace bouncesight

extern "C" {

// A sanitizer's own, which must know of every thread; not there without one.
int SanitizersCreate(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                     void* what) __asm__("__interceptor_pthread_create") __attribute__((weak));

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* what) noexcept {
  if (bouncesight::armed_threads) {
    ++bouncesight::refused_threads;
    return EAGAIN;
  }
  const auto next =
      &SanitizersCreate != nullptr
          ? &SanitizersCreate
          : reinterpret_cast<bouncesight::Create*>(::dlsym(RTLD_NEXT, "pthread_create"));
  return next(thread, attributes, run, what);
}

}  // extern "C"
