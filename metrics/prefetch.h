// Memory that will be looked at soon, so that it has come out of the cache's outskirts by then.
#pragma once

namespace bouncesight {

// GCC takes a function that only prefetches for one without an effect, and leaves out its calls;
// the empty asm is an effect, and costs nothing.
[[gnu::always_inline]] inline void WillRead(const void* at) {
  __builtin_prefetch(at);
  asm volatile("");
}

}  // namespace bouncesight
