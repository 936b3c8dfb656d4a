// The flags by which `report`, `events` and `trace` are told which logs to read, and which of their
// lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/batch/event_filter.h"
#include "daemon/batch/log_plan.h"
#include "daemon/batch/read_log.h"
#include "daemon/history/history_reader.h"

namespace CLI {
class App;
}

namespace bouncesight {

struct LogOptions {
  std::vector<std::string> files;
  std::string format = "auto";
  TimeWindow window;
  std::string history;  // empty: read logs; else "true", or since when
  UnixSeconds now = 0;  // when the command was given, by AddLogOptions
  std::optional<std::vector<IpNetwork>> internal_relays;  // as LogReading has them

  bool from_history() const { return !history.empty(); }
  LogReading reading() const { return {*FormatFromName(format), internal_relays, window, now}; }
};

// Adds FILE and --log-format. `options` must outlive the parsing.
void AddLogFiles(CLI::App& command, LogOptions& options);

// Adds those, --internal-relays, --since and --until. `options` must outlive the
// parsing.
void AddLogOptions(CLI::App& command, LogOptions& options);

// Adds --domain, --provider, --cause and --sender.
void AddFilterOptions(CLI::App& command, FilterWords& filter);

// Adds --history[=SINCE].
void AddHistoryOption(CLI::App& command, LogOptions& options);

// The flags that were given to leave results out, for a sentence: "--since, --domain and --cause".
std::string FiltersOf(const LogOptions& options, const FilterWords& filter);

// The history of the daemon that `config_file` (as for LoadCommandConfig) configures.
Result<HistoryReader> CommandHistory(const std::string& config_file);

// The logs of the command line; with none the files and folders that the configuration names, or
// those of a usual mail host. `config_file` as for LoadCommandConfig.
Result<LogPlan> PlanCommandLogs(const LogOptions& options, const std::string& config_file,
                                unsigned jobs);

// A note on stderr if `path` is one. A pipe of the shell's, as in <(zcat …), has its writer and is
// not a surprise.
void NoteNamedPipe(const std::string& path);

// On stderr: a note for what is counted already, an error for what cannot be read.
void SayWhatIsNotRead(const LogPlan& plan);

// To be called when all flags were read: throws CLI::ValidationError, as CLI11 wants it, if
// --until is not after --since, or --history has FILEs beside it. Its SINCE goes into the window.
void CheckLogOptions(LogOptions& options);

}  // namespace bouncesight
