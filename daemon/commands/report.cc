// bouncesight report: reads existing logs with every core and prints why mail failed.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/batch/compared_window.h"
#include "daemon/batch/history_replay.h"
#include "daemon/batch/report_hints.h"
#include "daemon/batch/report_run.h"
#include "daemon/commands/command.h"
#include "daemon/commands/log_options.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "daemon/system/version.h"
#include "metrics/exposition.h"
#include "metrics/names.h"
#include "metrics/snapshot_order.h"
#include "metrics/summary_compare.h"
#include "metrics/summary_html.h"
#include "metrics/summary_mail.h"
#include "metrics/summary_text.h"
#include "metrics/template_miner.h"

namespace bouncesight {
namespace {

constexpr const char* kReportHelp =
    R"(Reads mail logs from start to end and prints why mail failed: what became of recipients, which causes, where (providers,
domains), whether an address is listed, who sent it, what waits, whether a retry helps, when, how long it took, what to do, and which replies no rule knows yet. What our
own server refused on the way in is a section of its own.

Logs may be plain or compressed (.gz .xz .zst .bz2 .lz4 .lz .Z, also a .tar or .zip of logs); - is standard input; with
no FILE the logs that the configuration names are read. The format is found out line by line. Lines that two of the
files hold are counted once. A file that cannot be read costs only itself: the rest is reported, and the exit status is
1.)";

struct ReportOptions {
  RuleOptions rules;
  LogOptions logs;
  FilterWords filter;
  std::string format = "text";
  std::string lang;
  std::string by;
  std::string compare_with;
  std::size_t top = 10;
  unsigned jobs = 0;
  bool draft_rules = false;
  bool timestamps = false;
  bool mail = false;
  std::string mail_from = "bouncesight", mail_to = "root", mail_subject;

  Language language() const {
    return LanguageFromName(lang.empty() ? UserLanguage() : lang).value_or(Language::kEnglish);
  }
};

std::optional<TimelineStep> StepOf(std::string_view by) {
  for (const TimelineStep step :
       {TimelineStep::kQuarter, TimelineStep::kHour, TimelineStep::kDay, TimelineStep::kMonth}) {
    if (by == TimelineStepName(step)) return step;
  }
  return std::nullopt;
}

Summary SummaryOf(const ReportOptions& options, const RuleSet& rules, const ReportResult& result,
                  std::size_t top) {
  const SummaryOptions how{.top = top,
                           .step = StepOf(options.by),
                           .made = options.logs.now,
                           .version = std::string(GetBuildInfo().version),
                           .providers = NamesOf(rules)->providers,
                           .zone = LocalOffset};
  return Summarise(*result.snapshot, result.facts, how, result.miner.Top(options.top),
                   result.refusals.Top(options.top));
}

// One report's reading and printing.
class Reporter {
 public:
  Reporter(const ReportOptions& options, std::shared_ptr<const RuleSet> rules)
      : options_(options), rules_(std::move(rules)) {}

  Result<int> Run() {
    const Result<EventFilter> filter = EventFilter::Make(options_.filter, *rules_);
    if (!filter) return filter.error();
    if (options_.logs.from_history()) return RunHistory(*filter);
    // The line that names a sender may stand in another stretch of the log than the result.
    const unsigned cuts = options_.filter.sender.empty() ? Jobs() : 1;
    const Result<LogPlan> plan = PlanCommandLogs(options_.logs, options_.rules.config_file, cuts);
    if (!plan) return plan.error();
    SayWhatIsNotRead(*plan);
    if (plan->ranges.empty()) return kExitFailed;
    const ReportResult result = Read(*plan, *filter, options_.logs.reading());
    if (const Status compared = ReadCompared(*plan, *filter, result); !compared) {
      return compared.error();
    }
    const int printed = PrintOut(Render(result));
    for (const std::string& fault : result.faults) PrintError(fault);
    const std::string filters = FiltersOf(options_.logs, options_.filter);
    for (const std::string& hint : ReportHints(*result.snapshot, plan->ranges, result.untimed,
                                               {options_.logs.format, filters})) {
      PrintNote(hint);
    }
    const bool all_read = plan->faults.empty() && result.faults.empty();
    return all_read || printed != kExitOk ? printed : kExitFailed;
  }

 private:
  Result<int> RunHistory(const EventFilter& filter) {
    const Result<HistoryReader> history = CommandHistory(options_.rules.config_file);
    if (!history) return history.error();
    const auto report = [&](const TimeWindow& window) {
      return HistoryReplay(*history, rules_, window, filter).Report();
    };
    const Result<ReportResult> result = report(options_.logs.window);
    if (!result) return result.error();
    if (!options_.compare_with.empty()) {
      const Result<TimeWindow> window =
          ComparedWindow(options_.compare_with, options_.logs.window, options_.logs.now);
      if (!window) return Error{"--compare-with " + window.error().message};
      const Result<ReportResult> then = report(*window);
      if (!then) return then.error();
      CompareWith(*then, *result);
    }
    return PrintOut(Render(*result));
  }

  void CompareWith(const ReportResult& then, const ReportResult& result) {
    constexpr std::size_t kAll = 100'000;
    comparison_ =
        Compare(SummaryOf(options_, *rules_, then, kAll),
                SummaryOf(options_, *rules_, result, kAll), options_.compare_with, options_.top);
  }

  unsigned Jobs() const {
    return options_.jobs != 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
  }

  ReportResult Read(const LogPlan& plan, const EventFilter& filter, LogReading reading) const {
    return ReportRun(rules_, std::move(reading), filter)
        .Read(plan.ranges, Jobs(), StderrIsTerminal());
  }

  // The other period of --compare-with, out of the same files.
  Status ReadCompared(const LogPlan& plan, const EventFilter& filter, const ReportResult& result) {
    if (options_.compare_with.empty()) return Ok{};
    const bool once = std::any_of(plan.ranges.begin(), plan.ranges.end(),
                                  [](const LogRange& range) { return range.path == "-"; });
    if (once) {
      return Error{
          "--compare-with reads the logs twice, and standard input can be read once; "
          "name a file"};
    }
    LogReading reading = options_.logs.reading();
    const Result<TimeWindow> window =
        ComparedWindow(options_.compare_with, reading.window, options_.logs.now);
    if (!window) return Error{"--compare-with " + window.error().message};
    reading.window = *window;
    CompareWith(Read(plan, filter, reading), result);
    return Ok{};
  }

  std::string Render(const ReportResult& result) const {
    if (options_.draft_rules) {
      TemplateMiner all = result.miner;
      all.Merge(result.refusals);
      return DraftRules(all.Top(options_.top));
    }
    if (options_.format == "openmetrics") return OpenMetrics(result);
    Summary summary = SummaryOf(options_, *rules_, result, options_.top);
    if (options_.logs.from_history()) summary.who = {};  // it keeps failures, and no ends
    // A page has room for more of what to do.
    constexpr std::size_t kOnAPage = 5, kOnATerminal = 3;
    Advise(summary, *rules_, options_.language(),
           options_.format == "text" && !options_.mail ? kOnATerminal : kOnAPage);
    KeepRanking(summary, options_.by);
    const Comparison* then = comparison_ ? &*comparison_ : nullptr;
    if (options_.mail) return Mail(summary, then);
    if (options_.format == "json") return RenderSummaryJson(summary, then);
    if (options_.format == "csv") return RenderSummaryCsv(summary, then);
    if (options_.format == "html") return RenderSummaryHtml(summary, options_.language(), then);
    return RenderSummaryText(
        summary,
        {.colour = StdoutHasColour(), .width = StdoutWidth(), .language = options_.language()},
        then);
  }

  std::string OpenMetrics(const ReportResult& result) const {
    std::string body = RenderLogMetrics(Ordered(*result.snapshot), ExpositionFormat::kOpenMetrics);
    if (!options_.timestamps) return body;
    return WithTimestamps(body, result.facts.span().last.value_or(options_.logs.now));
  }

  std::string Mail(const Summary& summary, const Comparison* then) const {
    const std::string subject =
        options_.mail_subject.empty() ? MailSubject(summary) : options_.mail_subject;
    return RenderMail({options_.mail_from, options_.mail_to, subject, summary.made},
                      RenderSummaryText(summary, {.language = options_.language()}, then),
                      RenderSummaryHtml(summary, options_.language(), then));
  }

  const ReportOptions& options_;
  std::shared_ptr<const RuleSet> rules_;
  std::optional<Comparison> comparison_;
};

int RunReport(const ReportOptions& options) {
  return RunWithRules(options.rules,
                      [&](const auto& rules) { return Reporter(options, rules).Run(); });
}

void AddMailOptions(CLI::App& command, ReportOptions& options) {
  command.add_flag("--mail", options.mail, "Print a mail, text and page in one, for `sendmail -t`");
  const auto header = [&](const char* name, std::string& value, const char* env, const char* help) {
    command.add_option(name, value, help)->envname(env)->type_name("TEXT");
  };
  header("--mail-from", options.mail_from, "BOUNCESIGHT_MAIL_FROM", "Its sender");
  header("--mail-to", options.mail_to, "BOUNCESIGHT_MAIL_TO", "Its recipients");
  header("--mail-subject", options.mail_subject, "BOUNCESIGHT_MAIL_SUBJECT",
         "Its subject; else what the report says first");
}

// Throws CLI::ValidationError, as CLI11 wants it.
void CheckMail(const ReportOptions& options) {
  if (!options.mail) return;
  if (options.format != "text" || options.draft_rules) {
    throw CLI::ValidationError("--mail", "has text and page in one: leave --format away");
  }
  const std::pair<const char*, const std::string*> headers[] = {
      {"--mail-from", &options.mail_from},
      {"--mail-to", &options.mail_to},
      {"--mail-subject", &options.mail_subject}};
  for (const auto& [name, value] : headers) {
    if (value == &options.mail_subject && value->empty()) continue;
    if (!IsHeaderValue(*value)) {
      throw CLI::ValidationError(name, "must be one line of text that is not empty");
    }
  }
}

// Throws CLI::ValidationError, as CLI11 wants it.
void CheckComparison(const ReportOptions& options) {
  if (options.compare_with.empty()) return;
  if (options.format == "openmetrics" || options.draft_rules) {
    throw CLI::ValidationError("--compare-with", "is for text, json, csv and html");
  }
  const Result<TimeWindow> window =
      ComparedWindow(options.compare_with, options.logs.window, options.logs.now);
  if (!window) throw CLI::ValidationError("--compare-with", window.error().message);
}

}  // namespace

void AddReportCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("report", "Why mail failed, out of existing logs");
  command->footer(kReportHelp);
  auto options = std::make_shared<ReportOptions>();
  AddLogOptions(*command, options->logs);
  AddHistoryOption(*command, options->logs);
  AddFilterOptions(*command, options->filter);
  command->add_option("--format", options->format, "What to print")
      ->check(OneOf({"text", "json", "csv", "html", "openmetrics"}))
      ->capture_default_str();
  command->add_option("--lang", options->lang, "Language of the report; else that of LANG")
      ->check(OneOf({"en", "zh"}));
  command->add_option("--by", options->by, "One ranking alone, or the timeline in these steps")
      ->check(OneOf(
          std::vector<std::string>(std::begin(kSummaryRankings), std::end(kSummaryRankings))));
  command
      ->add_option("--compare-with", options->compare_with,
                   "Another period of the same logs: before (as long, right before), 1d or 7d "
                   "(ago), yesterday, FROM..TO")
      ->type_name("PERIOD");
  command->add_option("--top", options->top, "Rows in each ranking")
      ->check(Between(1, 100000))
      ->capture_default_str();
  command->add_option("--jobs", options->jobs, "Cores to use; 0: all")
      ->check(Between(0, 256))
      ->capture_default_str();
  command->add_flag("--draft-rules", options->draft_rules,
                    "Print draft rules for the replies that no rule knows");
  command->add_flag("--timestamps", options->timestamps,
                    "With openmetrics: the time of the last result behind each sample");
  AddMailOptions(*command, *options);
  AddRuleOptions(*command, options->rules);
  command->callback([options, &chosen] {
    CheckLogOptions(options->logs);
    CheckComparison(*options);
    CheckMail(*options);
    if (options->timestamps && options->format != "openmetrics") {
      throw CLI::ValidationError("--timestamps", "is for --format=openmetrics");
    }
    chosen.run = [options] { return RunReport(*options); };
  });
}

}  // namespace bouncesight
