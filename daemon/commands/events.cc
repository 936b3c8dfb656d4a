// bouncesight events: one record per delivery result, for other programs to read.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/batch/ecs_record.h"
#include "daemon/batch/event_record.h"
#include "daemon/batch/history_replay.h"
#include "daemon/batch/log_input.h"
#include "daemon/batch/read_log.h"
#include "daemon/batch/report_hints.h"
#include "daemon/batch/report_run.h"
#include "daemon/commands/command.h"
#include "daemon/commands/log_options.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "daemon/system/address_veil.h"
#include "metrics/moment.h"
#include "metrics/pump.h"
#include "metrics/totals.h"

namespace bouncesight {
namespace {

constexpr const char* kEventsHelp =
    R"(Prints one record for each delivery result of the logs, with the cause of each failure.

Keys: source, line, time (RFC 3339), logged (as the log spells it), mta, host, instance, queue_id, outcome, recipient,
recipient_domain, relay_host, relay_ip, relay_port, transport, tls, sender ("<>": a notice), sender_domain, account,
client_ip, client_host, size, message_id, delay, code, enhanced_code, phase, reply, cause, family, rule, provider,
blocklist, listed_ip, repeat (a line that stands for several: "message repeated N times"); a key that is not known is
left out.

Sender, account, client, size and message id stand in other lines of the same queue id, before the result: they are
joined from what was read. The expiry of a message is one record for each recipient that waited.

  bouncesight events --outcome=bounced --cause=user_unknown --format=csv mail.log
                                                        which addresses to take off a list
  bouncesight events --domain=example.net --outcome=deferred,bounced mail.log
  bouncesight events --outcome=bounced mail.log | jq -r .sender_domain | sort | uniq -c
  bouncesight events --addresses=hidden mail.log        *@example.net; no account, no message id
  bouncesight events --addresses=hashed --hash-key=FILE mail.log
                                                        3f1c0a…@example.net: the same address, the same hash,
                                                        for one day of the log and as long as FILE is the same)";

constexpr std::size_t kWriteBytes = 64 * 1024;

struct EventsOptions {
  RuleOptions rules;
  LogOptions logs;
  FilterWords filter;
  std::string format = "jsonl";
  bool skipped = false;
  std::string addresses = "full";
  std::string hash_key_file;
};

// With the fraction where the log has one; in this machine's zone where the log names none.
std::string TimeText(const DeliveryEvent& event, std::optional<UnixSeconds> time) {
  if (IsRfc3339(event.time)) return std::string(event.time);
  return time ? Rfc3339({*time, LocalOffset(*time)}) : std::string();
}

// Collects records and writes them out in large pieces.
class EventPrinter : public NullObserver {
 public:
  // Prints what `filter`, which must outlive it, lets through.
  EventPrinter(const EventsOptions& options, const RuleSet& rules, AddressVeil veil,
               const EventFilter& filter)
      : csv_(options.format == "csv"),
        ecs_(options.format == "ecs"),
        skipped_(options.skipped),
        rules_(rules),
        veil_(std::move(veil)),
        filter_(filter) {
    if (csv_) AppendCsvHeader(text_);
  }

  // What follows is of this log.
  void BeginLog(const LogRange& log, UnixSeconds now) {
    log_ = &log;
    stamps_.emplace(StampsOf(log, now));
  }

  void OnEvent(const DeliveryEvent& whole, const Verdict& verdict, const LineInfo& info) {
    if (!filter_.Holds(whole, verdict)) {
      ++left_out_;
      return;
    }
    const int years_back = log_ != nullptr ? YearsBack(*log_, info.line) : 0;
    Print(whole, verdict, info, stamps_ ? stamps_->Read(whole.time, years_back) : std::nullopt);
  }

  void Print(const DeliveryEvent& whole, const Verdict& verdict, const LineInfo& info,
             std::optional<UnixSeconds> time) {
    ++printed_;
    const DeliveryEvent event = veil_.Veiled(whole);
    if (csv_) {
      AppendCsvEvent(event, verdict, info, rules_, TimeText(event, time), text_);
    } else if (ecs_) {
      AppendEcsEvent(event, verdict, info, rules_, time, text_);
    } else {
      AppendJsonEvent(event, verdict, info, rules_, TimeText(event, time), text_);
    }
    if (text_.size() >= kWriteBytes) Flush();
  }

  void OnSkip(SkipReason reason, const LineInfo& info) {
    if (!skipped_ || csv_ || ecs_) return;
    AppendJsonSkip(reason, info, veil_.VeiledLine(info.line.text), text_);
    if (text_.size() >= kWriteBytes) Flush();
  }

  // False once the reader is gone or the disk is full.
  bool Flush() {
    good_ = good_ && WriteOut(text_);
    text_.clear();
    return good_;
  }
  bool good() const { return good_; }
  // How many results the filter let nothing of through; 0: something was printed.
  std::uint64_t left_out_of_all() const { return printed_ == 0 ? left_out_ : 0; }

 private:
  bool csv_;
  bool ecs_;
  bool skipped_;
  const RuleSet& rules_;
  AddressVeil veil_;
  const EventFilter& filter_;
  const LogRange* log_ = nullptr;
  std::optional<StampReader> stamps_;
  std::string text_;
  std::uint64_t printed_ = 0, left_out_ = 0;
  bool good_ = true;
};

Result<int> PrintHistory(const EventsOptions& options, const std::shared_ptr<const RuleSet>& rules,
                         const EventFilter& filter, EventPrinter& printer) {
  const Result<HistoryReader> history = CommandHistory(options.rules.config_file);
  if (!history) return history.error();
  const Line none{};
  const Status read =
      HistoryReplay(*history, rules, options.logs.window, filter)
          .EachRow([&](const DeliveryEvent& event, const Verdict& verdict, const HistoryRow& row) {
            printer.Print(event, verdict, {row.source, 0, none}, row.time);
            return printer.good();
          });
  if (!printer.Flush()) return FailedOutput();
  if (!read) return read.error();
  return kExitOk;
}

Result<int> PrintEvents(const EventsOptions& options, const std::shared_ptr<const RuleSet>& rules) {
  Result<AddressVeil> veil = MakeAddressVeil(options.addresses, options.hash_key_file);
  if (!veil) return veil.error();
  const Result<EventFilter> filter = EventFilter::Make(options.filter, *rules);
  if (!filter) return filter.error();
  EventPrinter printer(options, *rules, std::move(*veil), *filter);
  if (options.logs.from_history()) return PrintHistory(options, rules, *filter, printer);
  const Result<LogPlan> plan = PlanCommandLogs(options.logs, options.rules.config_file, 1);
  if (!plan) return plan.error();
  SayWhatIsNotRead(*plan);
  bool all_read = plan->faults.empty();
  Classifier classifier(rules);
  std::vector<char> buffer(kReadBytes);
  LogReading reading = options.logs.reading();
  // `events` shows what the log says, hop by hop, unless hops are named: only counting twice is
  // wrong.
  if (!reading.internal_relays) reading.internal_relays.emplace();
  // Of all logs: a message may have come in before the last rotation.
  MessageJoin join(MessageJoin::Keep::kAll);
  const std::shared_ptr<const RuleNames> names = NamesOf(*rules);
  Totals totals(ReportLimits());
  totals.AddNames(*names);
  for (const LogRange& log : plan->ranges) {
    printer.BeginLog(log, reading.now);
    Tally tally(names);
    const Result<std::uint64_t> read =
        ReadLog(log, reading, {classifier, join, tally}, buffer, printer,
                [&printer](std::size_t) { return printer.good(); });
    if (!read) {
      printer.Flush();
      PrintError(read.error().message);
      all_read = false;
    }
    totals.Merge(tally);
    if (!printer.good()) break;
  }
  if (!printer.Flush()) return FailedOutput();
  const std::string filters = FiltersOf(options.logs, options.filter);
  if (!options.skipped) {  // it has just shown them
    for (const std::string& hint :
         ReportHints(*totals.Publish(), plan->ranges, 0, {options.logs.format, filters})) {
      PrintNote(hint);
    }
  }
  if (const std::uint64_t results = printer.left_out_of_all(); results != 0) {
    PrintNote(NothingLeftHint(results, filters));
  }
  return all_read ? kExitOk : kExitFailed;
}

int RunEvents(const EventsOptions& options) {
  return RunWithRules(options.rules,
                      [&](const auto& rules) { return PrintEvents(options, rules); });
}

}  // namespace

void AddEventsCommand(CLI::App& app, Command& chosen) {
  CLI::App* command =
      app.add_subcommand("events", "One record per delivery result, as JSON lines or CSV");
  command->footer(kEventsHelp);
  auto options = std::make_shared<EventsOptions>();
  AddLogOptions(*command, options->logs);
  AddHistoryOption(*command, options->logs);
  AddFilterOptions(*command, options->filter);
  command
      ->add_option("--outcome", options->filter.outcomes,
                   "Only results of these kinds: delivered, deferred, bounced, expired, rejected, "
                   "suspended")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--format", options->format, "What to print")
      ->check(OneOf({"jsonl", "ecs", "csv"}))
      ->capture_default_str();
  command->add_flag("--skipped", options->skipped,
                    "Also print the lines that are no events, with the reason (JSON lines only)");
  command
      ->add_option("--addresses", options->addresses,
                   "Mail addresses in full, their local parts hidden, or hashed with a key")
      ->check(OneOf({"full", "hidden", "hashed"}))
      ->capture_default_str();
  command
      ->add_option("--hash-key", options->hash_key_file,
                   "The file that holds the key, at least 16 bytes; without it one that is made up "
                   "for this run")
      ->type_name("FILE");
  AddRuleOptions(*command, options->rules);
  command->callback([options, &chosen] {
    CheckLogOptions(options->logs);
    if (options->skipped && options->format != "jsonl") {
      throw CLI::ValidationError("--skipped", "is for --format=jsonl");
    }
    if (!options->hash_key_file.empty() && options->addresses != "hashed") {
      throw CLI::ValidationError("--hash-key", "is for --addresses=hashed");
    }
    chosen.run = [options] { return RunEvents(*options); };
  });
}

}  // namespace bouncesight
