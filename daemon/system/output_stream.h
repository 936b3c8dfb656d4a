// A descriptor that is written on to: standard output.
#pragma once

#include <string_view>

namespace bouncesight {

// Writes all of `text`: 0, or -errno of the call that could not. An interrupted call is resumed,
// and a reader that set the descriptor non-blocking is waited for.
int WriteAll(int fd, std::string_view text);

}  // namespace bouncesight
