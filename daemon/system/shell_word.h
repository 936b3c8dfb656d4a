// Names in the commands that messages tell a user to run.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// `name` as a shell reads it back as one word, and as no option: as it is where a shell takes
// nothing of it for its own, else in quotes. What is not seen or no UTF-8 is spelled in $'…', which
// bash, zsh, ksh and POSIX.1-2024 know; all of it is text that is safe on a terminal.
std::string ShellWord(std::string_view name);

}  // namespace bouncesight
