// The commands of the program: each file in this folder adds one to the command line.
//
// AddX declares the command's flags and help on `app`; when the user chose it, parsing sets
// `chosen.run` to what does the work. Parsing comes first and whole: nothing runs, opens or prints
// before every flag was read.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace bouncesight {

// The program's exit codes: a contract, scripts rest on them.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,     // something could not be done; stderr says what
  kExitUsage = 2,      // wrong flags or arguments
  kExitBadConfig = 78  // configuration or rules are wrong (EX_CONFIG of sysexits.h)
};

struct Command {
  std::function<int()> run;
};

void AddServeCommand(CLI::App& app, Command& chosen);
void AddReportCommand(CLI::App& app, Command& chosen);
void AddEventsCommand(CLI::App& app, Command& chosen);
void AddTraceCommand(CLI::App& app, Command& chosen);
void AddExplainCommand(CLI::App& app, Command& chosen);
void AddCheckCommand(CLI::App& app, Command& chosen);
void AddCausesCommand(CLI::App& app, Command& chosen);

}  // namespace bouncesight
