#include "daemon/commands/terminal.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/system/fs.h"
#include "daemon/system/input_stream.h"
#include "daemon/system/output_stream.h"
#include "daemon/system/tty.h"
#include "parsers/text/unseen.h"
#include "parsers/text/utf8.h"

namespace bouncesight {

bool StdoutHasColour() {
  if (!IsTerminal(kStdoutFd)) return false;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  return term != nullptr && std::string_view(term) != "dumb";
}

bool StderrIsTerminal() { return IsTerminal(kStderrFd); }

bool StdinIsTerminal() { return IsTerminal(kStdinFd); }

std::size_t StdoutWidth() {
  constexpr std::size_t kDefault = 80;
  const auto columns = TerminalColumns(kStdoutFd);
  return columns ? std::clamp<std::size_t>(*columns, 60, 160) : kDefault;
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

// What tells most stands at both ends: a name in front, what to do behind it.
std::string WithoutMiddle(std::string_view message) {
  constexpr std::size_t kHead = 800, kTail = 500;
  if (message.size() <= kHead + kTail) return std::string(message);
  const std::size_t tail = CutUtf8(message, message.size() - kTail).size();
  return std::string(CutUtf8(message, kHead)) + " … " + std::string(message.substr(tail));
}

void PrintLine(std::string line, std::string_view message) {
  line += SpelledLine(WithoutMiddle(message));
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int output_error = 0;

}  // namespace

void PrintError(std::string_view message) { PrintLine("bouncesight: error: ", message); }
void PrintNote(std::string_view message) { PrintLine("bouncesight: note: ", message); }

bool WriteOut(std::string_view text) {
  output_error = WriteAll(kStdoutFd, text);
  return output_error == 0;
}

int FailedOutput() {
  if (output_error != -EPIPE) {
    PrintError("cannot write to standard output: " + ErrorText(output_error));
  }
  return kExitFailed;
}

int PrintOut(std::string_view text) { return WriteOut(text) ? kExitOk : FailedOutput(); }

}  // namespace bouncesight
