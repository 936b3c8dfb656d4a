// bouncesight trace: what became of a message.
#include <algorithm>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/batch/trace_search.h"
#include "daemon/commands/command.h"
#include "daemon/commands/log_options.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "daemon/system/stdin_spool.h"

namespace bouncesight {
namespace {

constexpr const char* kTraceHelp =
    R"(Says what became of a message: when it came and from whom, each attempt with the reply and its cause, under which
queue id the next host took it (and what became of it there, if that log is among the FILEs), and how it ended.

WHAT is a queue id, a mail address (of a sender or a recipient), a message id, or a login name:

  bouncesight trace 4F1A2B3C4D /var/log/mail.log
  bouncesight trace ann@example.net /var/log/mail.log*         compressed ones, too
  bouncesight trace '<20261121.1@example.com>' mx1.log mx2.log  over both hosts
  journalctl -u postfix | bouncesight trace 4F1A2B3C4D -         standard input, which is kept in TMPDIR meanwhile
  bouncesight trace --format=json alice mail.log | jq '.messages[] | select(.recipients[].waits)'

Without FILE it reads the configured logs. Every log is searched once for WHAT and once more for each hop of the
message. Exit code 1: no line tells of it, or something could not be read.)";

struct TraceOptions {
  RuleOptions rules;
  LogOptions logs;
  std::string what;
  std::string format = "text";
  std::size_t top = 20;
};

Result<int> FindTrace(const TraceOptions& options, const std::shared_ptr<const RuleSet>& rules) {
  const Result<LogPlan> plan = PlanCommandLogs(options.logs, options.rules.config_file, 1);
  if (!plan) return plan.error();
  SayWhatIsNotRead(*plan);
  const bool piped = std::ranges::count(options.logs.files, "-") > 0;
  if (const Status kept = piped ? SpoolStdin() : Status(Ok{}); !kept) return kept.error();
  TraceSearch search(rules, options.logs.reading(), plan->ranges);
  const Result<Trace> trace = search.Find(options.what, options.top);
  if (!trace) return trace.error();
  for (const std::string& fault : search.faults()) PrintError(fault);
  if (!WriteOut(options.format == "json" ? TraceJson(*trace) : TraceText(*trace))) {
    return FailedOutput();
  }
  const bool found = !trace->messages.empty() || !trace->refusals.empty();
  return found && plan->faults.empty() && search.faults().empty() ? kExitOk : kExitFailed;
}

int RunTrace(const TraceOptions& options) {
  return RunWithRules(options.rules, [&](const auto& rules) { return FindTrace(options, rules); });
}

void CheckTraceOptions(const TraceOptions& options) {
  if (options.what.find_first_not_of(" <>\t") == std::string::npos) {
    throw CLI::ValidationError("WHAT", "is empty; name a queue id, an address or a message id");
  }
}

}  // namespace

void AddTraceCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("trace", "What became of a message");
  command->footer(kTraceHelp);
  auto options = std::make_shared<TraceOptions>();
  command->add_option("WHAT", options->what, "A queue id, address, message id or login name")
      ->required();
  AddLogFiles(*command, options->logs);
  command->add_option("--format", options->format, "What to print")
      ->check(OneOf({"text", "json"}))
      ->capture_default_str();
  command->add_option("--top", options->top, "At most so many messages, the youngest; 0: all")
      ->capture_default_str();
  AddRuleOptions(*command, options->rules);
  command->callback([options, &chosen] {
    CheckTraceOptions(*options);
    chosen.run = [options] { return RunTrace(*options); };
  });
}

}  // namespace bouncesight
