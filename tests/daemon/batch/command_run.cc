#include "tests/daemon/batch/command_run.h"

#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/commands/command.h"

namespace bouncesight {
namespace {

// Puts a file in memory in the place of a descriptor, for as long as it lives.
class Replaced {
 public:
  explicit Replaced(int fd)
      : fd_(fd), saved_(::dup(fd)), file_(::memfd_create("replaced", MFD_CLOEXEC)) {
    ::dup2(file_, fd_);
  }
  ~Replaced() {
    ::dup2(saved_, fd_);
    ::close(saved_);
    ::close(file_);
  }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;

  void Write(const std::string& text) const {
    static_cast<void>(::pwrite(file_, text.data(), text.size(), 0));
  }
  std::string Text() const {
    std::string text(1 << 20, '\0');
    text.resize(static_cast<std::size_t>(
        std::max<ssize_t>(::pread(file_, text.data(), text.size(), 0), 0)));
    return text;
  }

 private:
  int fd_, saved_, file_;
};

}  // namespace

CommandRun RunCommand(const std::vector<std::string>& words, const std::string& input,
                      FailingFileCalls& calls) {
  CLI::App app;
  Command chosen;
  AddReportCommand(app, chosen);
  AddEventsCommand(app, chosen);
  AddTraceCommand(app, chosen);
  AddExplainCommand(app, chosen);
  app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  std::fflush(stdout);
  const Replaced in(0), out(1), err(2);
  in.Write(input);
  CommandRun run;
  {
    const FailingFileCalls::Armed armed(calls);
    run.code = chosen.run();
  }
  run.out = out.Text();
  run.err = err.Text();
  return run;
}

}  // namespace bouncesight
