// Is a person looking? What a descriptor's terminal is like.
#pragma once

#include <cstddef>
#include <optional>

namespace bouncesight {

bool IsTerminal(int fd);

// Columns; nullopt where there is no terminal, or it does not tell.
std::optional<std::size_t> TerminalColumns(int fd);

}  // namespace bouncesight
