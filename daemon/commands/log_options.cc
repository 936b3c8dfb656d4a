#include "daemon/commands/log_options.h"

#include <ctime>

#include <CLI/CLI.hpp>

#include "daemon/batch/time_window.h"

namespace bouncesight {
namespace {

void AddTimeBound(CLI::App& command, const char* name, UnixSeconds& bound, const char* help) {
  command
      .add_option_function<std::string>(
          name,
          [name, &bound](const std::string& text) {
            const Result<UnixSeconds> point = ReadTimeBound(text, std::time(nullptr));
            if (!point) throw CLI::ValidationError(name, point.error().message);
            bound = *point;
          },
          help)
      ->type_name("TIME");
}

}  // namespace

void AddLogOptions(CLI::App& command, LogOptions& options) {
  command.add_option("FILE", options.files, "Logs to read; - is standard input")->required();
  command.add_option("--log-format", options.format, "The logs' format, if it must not be guessed")
      ->check(CLI::IsMember(FormatNames()))
      ->capture_default_str();
  AddTimeBound(command, "--since", options.window.since,
               "Only what happened then or later: 2026-11-20, 2026-11-20T13:00, 13:00, yesterday, "
               "2h (ago), 3d");
  AddTimeBound(command, "--until", options.window.until, "Only what happened before: as --since");
}

void CheckLogOptions(const LogOptions& options) {
  if (options.window.since < options.window.until) return;
  throw CLI::ValidationError("--until", "is not after --since: no line would be left");
}

}  // namespace bouncesight
