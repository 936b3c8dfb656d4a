// For the thread sanitizer only: C11's threads, mutexes and conditions by POSIX's, which glibc
// makes them of. The sanitizer knows POSIX's alone. librdkafka uses C11's: a thread of its that
// frees memory ended the process, and what its queues order was called a race.
#include <cerrno>
#include <memory>

#include <pthread.h>
#include <threads.h>

namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

pthread_mutex_t* Of(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* Of(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }
int ResultOf(int error) { return error == 0 ? thrd_success : thrd_error; }

struct Begin {
  thrd_start_t function;
  void* argument;
};

void* Run(void* given) {
  const std::unique_ptr<Begin> begin(static_cast<Begin*>(given));
  return reinterpret_cast<void*>(static_cast<long>(begin->function(begin->argument)));
}

}  // namespace

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  auto begin = std::make_unique<Begin>(Begin{function, argument});
  const int error = pthread_create(thread, nullptr, &Run, begin.get());
  if (error == 0) static_cast<void>(begin.release());
  return ResultOf(error);
}
int thrd_join(thrd_t thread, int* result) {
  void* got = nullptr;
  const int error = pthread_join(thread, &got);
  if (result != nullptr) *result = static_cast<int>(reinterpret_cast<long>(got));
  return ResultOf(error);
}

int mtx_init(mtx_t* mutex, int kind) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((kind & mtx_recursive) != 0) {
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  }
  const int error = pthread_mutex_init(Of(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return ResultOf(error);
}
void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(Of(mutex)); }
int mtx_lock(mtx_t* mutex) { return ResultOf(pthread_mutex_lock(Of(mutex))); }
int mtx_unlock(mtx_t* mutex) { return ResultOf(pthread_mutex_unlock(Of(mutex))); }

int cnd_init(cnd_t* condition) { return ResultOf(pthread_cond_init(Of(condition), nullptr)); }
void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(Of(condition)); }
int cnd_signal(cnd_t* condition) { return ResultOf(pthread_cond_signal(Of(condition))); }
int cnd_broadcast(cnd_t* condition) { return ResultOf(pthread_cond_broadcast(Of(condition))); }
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return ResultOf(pthread_cond_wait(Of(condition), Of(mutex)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  const int error = pthread_cond_timedwait(Of(condition), Of(mutex), until);
  return error == ETIMEDOUT ? static_cast<int>(thrd_timedout) : ResultOf(error);
}

}  // extern "C"
