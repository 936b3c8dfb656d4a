// Counts what this test program allocates: its operator new is replaced.
#pragma once

#include <cstddef>

namespace bouncesight {

// By the calling thread.
std::size_t AllocationsSoFar();

}  // namespace bouncesight
