#include "daemon/commands/log_options.h"

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/batch/configured_logs.h"
#include "daemon/batch/time_window.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "daemon/config/default_sources.h"
#include "daemon/history/history.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

void AddTimeBound(CLI::App& command, const char* name, UnixSeconds now, UnixSeconds& bound,
                  const char* help) {
  command
      .add_option_function<std::string>(
          name,
          [name, now, &bound](const std::string& text) {
            const Result<UnixSeconds> point = ReadTimeBound(text, now);
            if (!point) throw CLI::ValidationError(name, point.error().message);
            bound = *point;
          },
          help)
      ->type_name("TIME");
}

// "127.0.0.0/8,::1"; "none": no hop is internal.
void ReadInternalRelays(std::string_view list, std::vector<IpNetwork>& networks) {
  networks.clear();
  if (list == "none") return;
  while (!list.empty()) {
    const std::string_view name = TakeBefore(list, ",");
    const std::optional<IpNetwork> network = ReadIpNetwork(name);
    if (!network) {
      throw CLI::ValidationError(
          "--internal-relays",
          "`" + std::string(name) + "` is not a network; write 127.0.0.0/8,::1 or none");
    }
    networks.push_back(*network);
  }
}

}  // namespace

void AddLogFiles(CLI::App& command, LogOptions& options) {
  options.now = std::time(nullptr);
  command.add_option("FILE", options.files,
                     "Logs to read; - is standard input; none: the configured ones");
  const std::vector<std::string_view> formats = FormatNames();
  command.add_option("--log-format", options.format, "The logs' format, if it must not be guessed")
      ->check(OneOf({formats.begin(), formats.end()}))
      ->capture_default_str();
}

void AddLogOptions(CLI::App& command, LogOptions& options) {
  AddLogFiles(command, options);
  command
      .add_option_function<std::string>(
          "--internal-relays",
          [&options](const std::string& list) {
            ReadInternalRelays(list, options.internal_relays.emplace());
          },
          "Content filters' networks: what is sent there by SMTP is not delivered yet; none: every "
          "hop counts")
      ->type_name("NETWORKS");
  AddTimeBound(command, "--since", options.now, options.window.since,
               "Only what happened then or later: 2026-11-20, 2026-11-20T13:00, 13:00, yesterday, "
               "2h (ago), 3d");
  AddTimeBound(command, "--until", options.now, options.window.until,
               "Only what happened before: as --since");
}

void AddFilterOptions(CLI::App& command, FilterWords& filter) {
  command.add_option("--domain", filter.domain, "Only mail to this domain and its subdomains");
  command.add_option("--provider", filter.provider, "Only mail to this provider");
  command.add_option("--cause", filter.cause, "Only failures of this cause");
  command.add_option("--sender", filter.sender,
                     "Only mail from this domain and its subdomains, or from this address; <>: "
                     "notices");
}

void AddHistoryOption(CLI::App& command, LogOptions& options) {
  command
      .add_flag("--history", options.history,
                "Read what `serve` has kept of failures in place of logs; =TIME: since then, as "
                "--since")
      ->type_name("[=TIME]");
}

std::string FiltersOf(const LogOptions& options, const FilterWords& filter) {
  const std::pair<const char*, bool> flags[] = {
      {"--since", options.window.since != TimeWindow{}.since},
      {"--until", options.window.until != TimeWindow{}.until},
      {"--domain", !filter.domain.empty()},
      {"--provider", !filter.provider.empty()},
      {"--cause", !filter.cause.empty()},
      {"--sender", !filter.sender.empty()},
      {"--outcome", !filter.outcomes.empty()}};
  std::string text;
  const char* last = nullptr;
  for (const auto& [flag, given] : flags) {
    if (!given) continue;
    if (last != nullptr) text.append(text.empty() ? "" : ", ").append(last);
    last = flag;
  }
  if (last == nullptr) return text;
  return text.append(text.empty() ? "" : " and ").append(last);
}

Result<HistoryReader> CommandHistory(const std::string& config_file) {
  const Result<Config> config = LoadCommandConfig(config_file);
  if (!config) return config.error();
  return HistoryReader(HistoryPath(config->state.path));
}

Result<LogPlan> PlanCommandLogs(const LogOptions& options, const std::string& config_file,
                                unsigned jobs) {
  std::vector<NamedLog> logs;
  for (const std::string& file : options.files) {
    if (file.empty()) return Error{"a FILE has no name; name a log, or - for standard input"};
    logs.push_back({file});
  }
  if (logs.empty()) {
    const Result<Config> config = LoadCommandConfig(config_file);
    if (!config) return config.error();
    RealFileSystem fs;
    const ConfiguredLogs found =
        FindConfiguredLogs(config->sources.empty() ? DefaultSources(fs) : config->sources, fs);
    for (const std::string& note : found.notes) PrintNote(note);
    if (found.logs.empty()) {
      return Error{
          "no FILE is named, and no configured log can be read; name one, or - for "
          "standard input"};
    }
    logs = found.logs;
  }
  return PlanLogs(logs, jobs, options.window.bounded());
}

void NoteNamedPipe(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_fifo(std::filesystem::symlink_status(path, error))) {
    PrintNote(path + " is a named pipe: it is read until its writer closes it");
  }
}

void SayWhatIsNotRead(const LogPlan& plan) {
  for (const LogRange& range : plan.ranges) NoteNamedPipe(range.path);
  for (const std::string& note : plan.notes) PrintNote(note);
  for (const std::string& fault : plan.faults) PrintError(fault);
}

void CheckLogOptions(LogOptions& options) {
  if (options.from_history() && !options.files.empty()) {
    throw CLI::ValidationError("--history",
                               "is read in place of logs: name no FILE, or leave it away");
  }
  if (options.from_history() && options.history != "true") {
    const Result<UnixSeconds> point = ReadTimeBound(options.history, options.now);
    if (!point) throw CLI::ValidationError("--history", point.error().message);
    options.window.since = *point;
  }
  if (options.window.since < options.window.until) return;
  throw CLI::ValidationError("--until", "is not after --since: no line would be left");
}

}  // namespace bouncesight
