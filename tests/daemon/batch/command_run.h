// One command of the program, run within the test: what it printed, and its exit code.
#pragma once

#include <string>
#include <vector>

#include "tests/daemon/system/failing_file_calls.h"

namespace bouncesight {

struct CommandRun {
  int code = 0;
  std::string out, err;
};

// `input` comes as standard input. The calls that the command makes are those of `calls`.
CommandRun RunCommand(const std::vector<std::string>& words, const std::string& input,
                      FailingFileCalls& calls);

}  // namespace bouncesight
