#include <array>
#include <cstdio>
#include <string>

#include "metrics/safe_text.h"
#include "metrics/summary_compare.h"

namespace bouncesight {
namespace {

// One table for all rankings: the first column tells them apart.
class CsvTable {
 public:
  // `more`: what stands behind the columns that every row has.
  void Row(std::string_view section, std::string_view name, std::uint64_t count,
           std::string_view permanent, std::string_view detail,
           const std::array<std::string, 6>& more = {}) {
    out_.append(section).append(1, ',').append(CsvField(name)).append(1, ',');
    out_.append(std::to_string(count)).append(1, ',').append(permanent).append(1, ',');
    out_.append(CsvField(detail));
    for (const std::string& one : more) out_.append(1, ',').append(one);
    out_.append("\r\n");
  }

  void Ranking(std::string_view section, const std::vector<Ranked>& ranking) {
    for (const Ranked& one : ranking) {
      Row(section, one.name, one.count, std::to_string(one.permanent), one.detail,
          {one.attempts == 0 ? "" : std::to_string(one.attempts), Seconds(one.median),
           Seconds(one.p95), Time(one.first), Time(one.last)});
    }
  }

  void Delays(std::string_view section, const std::vector<DelayRank>& ranks) {
    for (const DelayRank& one : ranks) {
      Row(section, one.name, one.count, "", "", {"", Seconds(one.median), Seconds(one.p95)});
    }
  }

  std::string Take() { return std::move(out_); }

  static std::string Seconds(double seconds) {
    if (seconds < 0) return {};
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.3f", seconds);
    return buffer;
  }

 private:
  static std::string Time(const std::optional<Moment>& moment) {
    return moment ? Rfc3339(*moment) : std::string();
  }

  std::string out_ =
      "section,name,count,permanent,detail,attempts,median_seconds,p95_seconds,first,last,"
      "oldest_seconds\r\n";
};

void AddSenders(std::string_view section, const std::vector<SenderRank>& ranks,
                std::uint64_t SenderRank::*count, CsvTable& table) {
  for (const SenderRank& one : ranks) {
    table.Row(section, one.name, one.*count, std::to_string(one.permanent), one.cause,
              {std::to_string(one.attempts)});
  }
}

void AddWho(const WhoSummary& who, CsvTable& table) {
  AddSenders("sender", who.senders, &SenderRank::failures, table);
  AddSenders("sender_spam", who.spam_senders, &SenderRank::spam, table);
  AddSenders("account", who.accounts, &SenderRank::failures, table);
  AddSenders("account_spam", who.spam_accounts, &SenderRank::spam, table);
  for (const WaitingRank& one : who.waiting) {
    table.Row("waiting", one.provider, one.recipients, "", one.cause,
              {"", "", "", "", "", std::to_string(one.oldest_seconds)});
  }
  for (const RetryRank& one : who.retries) {
    table.Row("retry", one.cause, one.delivered, "", "delivered",
              {"", CsvTable::Seconds(one.median), CsvTable::Seconds(one.p95)});
    table.Row("retry", one.cause, one.failed, "", "failed");
    table.Row("retry", one.cause, one.waiting, "", "waiting");
  }
}

void AddTime(const Summary& summary, CsvTable& table) {
  for (const auto& [name, count] : summary.hosts) table.Row("host", name, count, "", "");
  for (const TimelineRow& row : summary.timeline) {
    const std::string begin = Rfc3339(row.begin);
    for (std::size_t i = 0; i < kAttemptOutcomeCount; ++i) {
      table.Row(TimelineStepName(summary.step), begin, row.counts.attempts[i], "",
                OutcomeName(kDeliveryOutcomes[i]));
    }
    table.Row(TimelineStepName(summary.step), begin, row.counts.rejections, "", "rejected");
  }
  table.Delays("delay", summary.delays);
  table.Delays("delay_step", summary.steps);
}

// `detail` is the count of then.
void AddComparison(const Comparison& then, CsvTable& table) {
  const auto add = [&](std::string_view section, const std::vector<ComparedRow>& rows) {
    for (const ComparedRow& one : rows) {
      table.Row(section, one.name, one.now, "", std::to_string(one.before));
    }
  };
  add("compared_outcome", then.outcomes);
  add("compared_cause", then.causes);
  add("compared_provider", then.providers);
}

}  // namespace

std::string RenderSummaryCsv(const Summary& summary, const Comparison* then) {
  CsvTable table;
  for (const auto& [name, count] : summary.outcomes) table.Row("outcome", name, count, "", "");
  const RecipientSummary& recipients = summary.recipients;
  table.Row("recipients", "delivered", recipients.delivered, "", "");
  table.Row("recipients", "failed", recipients.failed, "", "");
  if (recipients.waiting) table.Row("recipients", "waiting", *recipients.waiting, "", "");
  table.Ranking("cause", summary.causes);
  table.Ranking("domain", summary.domains);
  table.Ranking("code", summary.codes);
  table.Ranking("provider", summary.providers);
  table.Ranking("blocklist", summary.blocklists);
  AddWho(summary.who, table);
  table.Ranking("rejection_cause", summary.refusals.causes);
  for (const Ranked& one : summary.refusals.blocklists) {
    table.Row("rejection_blocklist", one.name, one.count, "", "");
  }
  for (const MinedTemplate& one : summary.refusals.unclassified_templates) {
    table.Row("rejection_unclassified", one.text, one.count, "", one.example);
  }
  for (const MinedTemplate& one : summary.unclassified_templates) {
    table.Row("unclassified", one.text, one.count, "", one.example);
  }
  AddTime(summary, table);
  if (then != nullptr) AddComparison(*then, table);
  for (const SourceSummary& source : summary.sources) {
    table.Row("source", source.name, source.counted, "", "counted");
    for (const auto& [reason, count] : source.skipped) {
      table.Row("source", source.name, count, "", reason);
    }
  }
  return table.Take();
}

}  // namespace bouncesight
