// Replaces operator new for the whole test program; a test looks at the difference.
#include <cstdlib>
#include <new>

#include "tests/metrics/fixtures.h"

namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// simdjson's; without it a sanitizer's own would serve it, and find our delete unfitting.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace bouncesight {
std::size_t Allocations() { return allocations; }
}  // namespace bouncesight
