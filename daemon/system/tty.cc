#include "daemon/system/tty.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace bouncesight {

bool IsTerminal(int fd) { return ::isatty(fd) != 0; }

std::optional<std::size_t> TerminalColumns(int fd) {
  winsize size{};
  if (!IsTerminal(fd) || ::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return size.ws_col;
}

}  // namespace bouncesight
