#include "daemon/commands/terminal.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

namespace bouncesight {

bool StdoutHasColour() {
  if (isatty(STDOUT_FILENO) == 0) return false;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  return term != nullptr && std::string_view(term) != "dumb";
}

bool StderrIsTerminal() { return isatty(STDERR_FILENO) != 0; }

bool StdinIsTerminal() { return isatty(STDIN_FILENO) != 0; }

std::size_t StdoutWidth() {
  constexpr std::size_t kDefault = 100;
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
      size.ws_col == 0)
    return kDefault;
  return std::clamp<std::size_t>(size.ws_col, 60, 160);
}

void PrintError(std::string_view message) {
  std::string line = "bouncesight: error: ";
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      line += c;
      continue;
    }
    std::array<char, 5> escaped{};
    std::snprintf(escaped.data(), escaped.size(), "\\x%02x", byte);
    line += escaped.data();
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

bool WriteOut(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

}  // namespace bouncesight
