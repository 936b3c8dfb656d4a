#include "daemon/commands/terminal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include "daemon/commands/command.h"

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

std::string UserLanguage() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0')
      return std::string_view(value).starts_with("zh") ? "zh" : "en";
  }
  return "en";
}

namespace {

void PrintLine(std::string line, std::string_view message) {
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

int output_error = 0;

}  // namespace

void PrintError(std::string_view message) { PrintLine("bouncesight: error: ", message); }
void PrintNote(std::string_view message) { PrintLine("bouncesight: note: ", message); }

bool WriteOut(std::string_view text) {
  errno = 0;
  const bool good =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!good) output_error = errno;
  return good;
}

int FailedOutput() {
  if (output_error != EPIPE) {
    PrintError(std::string("cannot write to standard output: ") + std::strerror(output_error));
  }
  return kExitFailed;
}

int PrintOut(std::string_view text) { return WriteOut(text) ? kExitOk : FailedOutput(); }

}  // namespace bouncesight
