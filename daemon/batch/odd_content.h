// What to say of a log in which there is no line, or but one: that it is empty, or holds NULs
// alone, or that its lines end as no other's do.
#pragma once

#include <cstdint>
#include <string>

namespace bouncesight {

// `lines`: how many were read. Empty: nothing is to be said. A log that has just been begun is
// empty, which is worth a word only if it is `alone`, that is, no other has a line.
std::string OddContentText(const std::string& path, std::uint64_t lines, bool alone);

}  // namespace bouncesight
