// bouncesight report: reads logs at rest with every core and prints why mail failed.
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/batch/report_hints.h"
#include "daemon/batch/report_run.h"
#include "daemon/commands/command.h"
#include "daemon/commands/log_options.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "metrics/exposition.h"
#include "metrics/summary.h"
#include "metrics/summary_html.h"
#include "metrics/template_miner.h"

namespace bouncesight {
namespace {

constexpr const char* kHelp =
    R"(Reads mail logs from start to end and prints why mail failed: by outcome, cause, domain, code,
provider and block list, and which replies no rule knows yet. What our own server refused on the
way in is a section of its own.

Logs may be plain or packed (.gz .xz .zst .bz2, also a .tar of logs); - is standard input; with no FILE the logs that the
configuration names are read. The format is found out line by line. Lines that two of the files hold are counted once. A
file that cannot be read costs only itself: the rest is reported, and the exit status is 1.)";

struct ReportOptions {
  RuleOptions rules;
  LogOptions logs;
  std::string format = "text";
  std::size_t top = 10;
  unsigned jobs = 0;
  bool draft_rules = false;
};

std::string Render(const ReportOptions& options, const ReportResult& result, const RuleSet& rules) {
  if (options.draft_rules) {
    TemplateMiner all = result.miner;
    all.Merge(result.refusals);
    return DraftRules(all.Top(options.top));
  }
  const Snapshot& snapshot = *result.snapshot;
  if (options.format == "openmetrics")
    return RenderLogMetrics(snapshot, ExpositionFormat::kOpenMetrics);
  const Summary summary = Summarise(snapshot, options.top, result.miner.Top(options.top),
                                    result.refusals.Top(options.top));
  if (options.format == "json") return RenderSummaryJson(summary);
  if (options.format == "csv") return RenderSummaryCsv(summary);
  if (options.format == "html") return RenderSummaryHtml(summary, rules);
  return RenderSummaryText(summary, {.colour = StdoutHasColour(), .width = StdoutWidth()});
}

Result<int> PrintReport(const ReportOptions& options, const std::shared_ptr<const RuleSet>& rules) {
  const unsigned jobs =
      options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  const Result<LogPlan> plan = PlanCommandLogs(options.logs, options.rules.config_file, jobs);
  if (!plan) return plan.error();
  SayWhatIsNotRead(*plan);
  if (plan->ranges.empty()) return kExitFailed;
  ReportRun run(rules, options.logs.reading());
  const ReportResult result = run.Read(plan->ranges, jobs, StderrIsTerminal());
  const int printed = PrintOut(Render(options, result, *rules));
  for (const std::string& fault : result.faults) PrintError(fault);
  for (const std::string& hint : ReportHints(*result.snapshot, result.untimed)) PrintNote(hint);
  const bool all_read = plan->faults.empty() && result.faults.empty();
  return all_read || printed != kExitOk ? printed : kExitFailed;
}

int RunReport(const ReportOptions& options) {
  return RunWithRules(options.rules,
                      [&](const auto& rules) { return PrintReport(options, rules); });
}

}  // namespace

void AddReportCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("report", "Why mail failed, out of logs at rest");
  command->footer(kHelp);
  auto options = std::make_shared<ReportOptions>();
  AddLogOptions(*command, options->logs);
  command->add_option("--format", options->format, "What to print")
      ->check(CLI::IsMember({"text", "json", "csv", "html", "openmetrics"}))
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
  command->callback([options, &chosen] {
    CheckLogOptions(options->logs);
    chosen.run = [options] { return RunReport(*options); };
  });
}

}  // namespace bouncesight
