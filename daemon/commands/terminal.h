// What the terminal and its environment ask for (colour, width, language), and what is written to
// it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bouncesight {

// Colour only on a terminal, and never with NO_COLOR (no-color.org), with TERM=dumb or without
// TERM.
bool StdoutHasColour();
bool StderrIsTerminal();
bool StdinIsTerminal();

// Columns of standard output, from 60 to 160; 80 where it is not a terminal.
std::size_t StdoutWidth();

// "zh" if LC_ALL, else LC_MESSAGES, else LANG names a Chinese locale ("zh_CN.UTF-8"); "en".
std::string UserLanguage();

// Prints "bouncesight: error: …" on stderr, on one line. It may hold any bytes: those that could
// steer a terminal or are not seen are spelled (unseen.h), and of a long one the middle is left
// out.
void PrintError(std::string_view message);
// The same as "bouncesight: note: …": nothing has failed, but the user may wonder.
void PrintNote(std::string_view message);

// Writes all of it to standard output; false once that is impossible (the disk is full, the reader
// is gone).
bool WriteOut(std::string_view text);

// Says why the last WriteOut failed, and gives the exit code of that. Of a reader that has gone
// (head) nothing is said.
int FailedOutput();

// Writes `text` and gives the exit code.
int PrintOut(std::string_view text);

}  // namespace bouncesight
