// What the terminal allows: colour, and how wide it is.
#pragma once

#include <cstddef>
#include <string_view>

namespace bouncesight {

// Colour only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb.
bool StdoutHasColour();
bool StderrIsTerminal();
bool StdinIsTerminal();

// Columns of standard output; 100 where it is no terminal.
std::size_t StdoutWidth();

// Prints "bouncesight: error: …" on stderr, bytes that could steer a terminal made visible.
void PrintError(std::string_view message);

// Writes all of it to standard output; false once that is impossible (the disk is full, the reader
// is gone).
bool WriteOut(std::string_view text);

}  // namespace bouncesight
