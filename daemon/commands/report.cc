// bouncesight report: reads logs at rest with every core and prints why mail failed.
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/log_input.h"
#include "daemon/report_run.h"
#include "metrics/exposition.h"
#include "metrics/summary.h"
#include "metrics/template_miner.h"

namespace bouncesight {
namespace {

constexpr const char* kHelp =
    R"(Reads mail logs from start to end and prints why mail failed: by outcome, cause, domain, code,
provider and block list, and which replies no rule knows yet.

Logs may be plain or packed (.gz .xz .zst .bz2); - is standard input. The format is found out line by line.)";

struct ReportOptions {
  RuleOptions rules;
  std::vector<std::string> files;
  std::string format = "text";
  std::string log_format = "auto";
  std::size_t top = 10;
  unsigned jobs = 0;
  bool draft_rules = false;
};

std::string Render(const ReportOptions& options, const ReportResult& result) {
  const std::vector<MinedTemplate> templates = result.miner.Top(options.top);
  if (options.draft_rules) return DraftRules(templates);
  const Snapshot& snapshot = *result.snapshot;
  if (options.format == "openmetrics")
    return RenderLogMetrics(snapshot, ExpositionFormat::kOpenMetrics);
  const Summary summary = Summarise(snapshot, options.top, templates);
  if (options.format == "json") return RenderSummaryJson(summary);
  return RenderSummaryText(summary, {.colour = StdoutHasColour(), .width = StdoutWidth()});
}

int RunReport(const ReportOptions& options) {
  const Result<std::shared_ptr<const RuleSet>> rules = LoadCommandRules(options.rules);
  if (!rules) {
    PrintError(rules.error().message);
    return kExitBadConfig;
  }
  const unsigned jobs =
      options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  const Result<std::vector<LogRange>> ranges = PlanLogRanges(options.files, jobs);
  if (!ranges) {
    PrintError(ranges.error().message);
    return kExitFailed;
  }
  ReportRun run(*rules, *FormatFromName(options.log_format));
  const Result<ReportResult> result = run.Read(*ranges, jobs, StderrIsTerminal());
  if (!result) {
    PrintError(result.error().message);
    return kExitFailed;
  }
  if (!WriteOut(Render(options, *result))) {
    PrintError("cannot write to standard output");
    return kExitFailed;
  }
  return kExitOk;
}

}  // namespace

void AddReportCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("report", "Why mail failed, out of logs at rest");
  command->footer(kHelp);
  auto options = std::make_shared<ReportOptions>();
  command->add_option("FILE", options->files, "Logs to read; - is standard input")->required();
  command->add_option("--format", options->format, "What to print")
      ->check(CLI::IsMember({"text", "json", "openmetrics"}))
      ->capture_default_str();
  command
      ->add_option("--log-format", options->log_format,
                   "The logs' format, if it must not be guessed")
      ->check(CLI::IsMember(FormatNames()))
      ->capture_default_str();
  command->add_option("--top", options->top, "Rows in each ranking")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--jobs", options->jobs, "Cores to use; 0: all")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_flag("--draft-rules", options->draft_rules,
                    "Print draft rules for the replies that no rule knows");
  AddRuleOptions(*command, options->rules);
  command->callback([options, &chosen] { chosen.run = [options] { return RunReport(*options); }; });
}

}  // namespace bouncesight
