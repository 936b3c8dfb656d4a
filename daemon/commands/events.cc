// bouncesight events: one record a delivery result, for other programs to read.
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/event_record.h"
#include "daemon/log_input.h"
#include "metrics/pump.h"

namespace bouncesight {
namespace {

constexpr const char* kHelp =
    R"(Prints one record for each delivery result of the logs, with the cause of each failure.

Keys: source, line, time, mta, host, instance, queue_id, outcome, recipient, recipient_domain, relay_host, relay_ip,
relay_port, delay, code, enhanced_code, phase, reply, cause, family, rule, provider, blocklist, listed_ip; a key that is
not known is left out.)";

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kWriteBytes = 64 * 1024;

struct EventsOptions {
  RuleOptions rules;
  std::vector<std::string> files;
  std::string format = "jsonl";
  std::string log_format = "auto";
  bool skipped = false;
};

// Collects records and writes them out in large pieces.
class Printer : public NullObserver {
 public:
  Printer(const EventsOptions& options, const RuleSet& rules)
      : csv_(options.format == "csv"), skipped_(options.skipped), rules_(rules) {
    if (csv_) AppendCsvHeader(text_);
  }

  void OnEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info) {
    if (csv_) {
      AppendCsvEvent(event, verdict, info, rules_, text_);
    } else {
      AppendJsonEvent(event, verdict, info, rules_, text_);
    }
    if (text_.size() >= kWriteBytes) Flush();
  }

  void OnSkip(SkipReason reason, const LineInfo& info) {
    if (!skipped_ || csv_) return;
    AppendJsonSkip(reason, info, text_);
    if (text_.size() >= kWriteBytes) Flush();
  }

  // False once the reader is gone or the disk is full.
  bool Flush() {
    good_ = good_ && WriteOut(text_);
    text_.clear();
    return good_;
  }
  bool good() const { return good_; }

 private:
  bool csv_;
  bool skipped_;
  const RuleSet& rules_;
  std::string text_;
  bool good_ = true;
};

Status ReadLog(const LogRange& log, Format format, const Stage& stage, Printer& printer) {
  Result<std::unique_ptr<LogInput>> input = OpenLogInput(log);
  if (!input) return input.error();
  ReaderOptions options(format);
  auto words = std::make_shared<CoremailWords>();
  words->date = DateInFileName(log.path);
  options.coremail = std::move(words);
  Pump pump(log.path, options);
  std::vector<char> buffer(kReadBytes);
  while (printer.good()) {
    const Result<std::size_t> got = (*input)->Read(buffer);
    if (!got) return got.error();
    if (*got == 0) break;
    pump.Feed({buffer.data(), *got}, stage, printer);
  }
  pump.Finish(stage, printer);
  return Ok{};
}

Status PrintEvents(const EventsOptions& options, const std::shared_ptr<const RuleSet>& rules) {
  const Result<std::vector<LogRange>> logs = PlanLogRanges(options.files, 1);
  if (!logs) return logs.error();
  Classifier classifier(rules);
  Printer printer(options, *rules);
  for (const LogRange& log : *logs) {
    LastReasons reasons;
    Tally tally(NamesOf(*rules));  // the Pump counts as it goes; `events` has no use for the counts
    if (Status read = ReadLog(log, *FormatFromName(options.log_format),
                              {classifier, reasons, tally}, printer);
        !read) {
      printer.Flush();
      return read;
    }
  }
  if (!printer.Flush()) return Error{"cannot write to standard output"};
  return Ok{};
}

int RunEvents(const EventsOptions& options) {
  const Result<std::shared_ptr<const RuleSet>> rules = LoadCommandRules(options.rules);
  if (!rules) {
    PrintError(rules.error().message);
    return kExitBadConfig;
  }
  if (const Status printed = PrintEvents(options, *rules); !printed) {
    PrintError(printed.error().message);
    return kExitFailed;
  }
  return kExitOk;
}

}  // namespace

void AddEventsCommand(CLI::App& app, Command& chosen) {
  CLI::App* command =
      app.add_subcommand("events", "One record a delivery result, as JSON lines or CSV");
  command->footer(kHelp);
  auto options = std::make_shared<EventsOptions>();
  command->add_option("FILE", options->files, "Logs to read; - is standard input")->required();
  command->add_option("--format", options->format, "What to print")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->capture_default_str();
  command
      ->add_option("--log-format", options->log_format,
                   "The logs' format, if it must not be guessed")
      ->check(CLI::IsMember(FormatNames()))
      ->capture_default_str();
  command->add_flag("--skipped", options->skipped,
                    "Also print the lines that are no events, with the reason (JSON lines only)");
  AddRuleOptions(*command, options->rules);
  command->callback([options, &chosen] { chosen.run = [options] { return RunEvents(*options); }; });
}

}  // namespace bouncesight
