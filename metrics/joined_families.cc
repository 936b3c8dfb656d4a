// The metrics of the join by queue id: senders, accounts, and what waits.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/families.h"
#include "metrics/joined_sums.h"

namespace bouncesight {
namespace {

using prometheus::MetricType;

struct SenderFamilies {
  std::string_view label, deliveries, deliveries_help, failures, failures_help;
};
constexpr SenderFamilies kSenders{
    .label = "sender_domain",
    .deliveries = "sender_deliveries_total",
    .deliveries_help = "Delivery attempts by the domain of the sender and their outcome.",
    .failures = "sender_failures_total",
    .failures_help = "Failures by the domain of the sender and their cause."};
constexpr SenderFamilies kAccounts{
    .label = "account",
    .deliveries = "account_deliveries_total",
    .deliveries_help = "Delivery attempts by the login name that handed the mail in.",
    .failures = "account_failures_total",
    .failures_help = "Failures by the login name that handed the mail in, and their cause."};

void AppendFailures(const Snapshot& snapshot, const std::map<std::string, LabelRow>& rows,
                    std::string_view label, FamilyBuilder& out) {
  for (const auto& [name, row] : rows) {
    for (std::size_t cause = 0; cause < row.failures.size(); ++cause) {
      if (row.failures[cause] == 0) continue;
      out.Add({{label, name}, {"cause", snapshot.causes[cause]}}, row.failures[cause]);
    }
  }
}

// The families of one kind of sender: "sender" by domain, "account" by login.
void AppendSenders(const Snapshot& snapshot, std::vector<LabelRow> JoinedRows::*which,
                   const SenderFamilies& family, Families& families) {
  const std::map<std::string, LabelRow> rows = SummedRows(snapshot, which);
  {
    FamilyBuilder out(families, family.deliveries, family.deliveries_help, MetricType::Counter);
    for (const auto& [name, row] : rows) {
      for (std::size_t i = 0; i < kAttemptOutcomeCount; ++i) {
        out.Add({{family.label, name}, {"outcome", OutcomeName(kDeliveryOutcomes[i])}},
                row.deliveries[i]);
      }
    }
  }
  FamilyBuilder out(families, family.failures, family.failures_help, MetricType::Counter);
  AppendFailures(snapshot, rows, family.label, out);
}

void AppendFirstDeferrals(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "first_deferrals_total",
                    "Recipients that were put off for the first time.", MetricType::Counter);
  for (const SourceRows& source : snapshot.joined) {
    const std::vector<std::uint64_t>& counts = source.rows.first_deferrals;
    for (std::size_t provider = 0; provider < counts.size(); ++provider) {
      if (counts[provider] == 0) continue;
      out.Add({{"source", source.source}, {"provider", snapshot.providers[provider]}},
              counts[provider]);
    }
  }
}

void AppendWaiting(const Snapshot& snapshot, Families& families) {
  const std::vector<WaitingRow> rows = SummedWaiting(snapshot);
  std::map<std::uint16_t, std::uint64_t> oldest;
  for (const WaitingRow& row : rows) {
    std::uint64_t& age = oldest[row.provider];
    age = std::max(age, row.oldest_seconds);
  }
  {
    FamilyBuilder out(families, "waiting_recipients",
                      "Recipients that were put off and are not settled yet.", MetricType::Gauge);
    for (const WaitingRow& row : rows) {
      out.Add(
          {{"provider", snapshot.providers[row.provider]}, {"cause", snapshot.causes[row.cause]}},
          row.recipients);
    }
  }
  FamilyBuilder out(families, "waiting_oldest_seconds",
                    "How long the oldest of them waits, by the clock of its log.",
                    MetricType::Gauge);
  for (const auto& [provider, age] : oldest) {
    out.Add({{"provider", snapshot.providers[provider]}}, age);
  }
}

}  // namespace

void AppendJoinedFamilies(const Snapshot& snapshot, Families& families) {
  AppendSenders(snapshot, &JoinedRows::senders, kSenders, families);
  AppendSenders(snapshot, &JoinedRows::accounts, kAccounts, families);
  AppendFirstDeferrals(snapshot, families);
  AppendWaiting(snapshot, families);
  FamilyBuilder out(families, "join_forgotten_messages_total",
                    "Messages forgotten for want of room before all of them was told.",
                    MetricType::Counter);
  for (const SourceRows& one : snapshot.joined) {
    out.Add({{"source", one.source}}, one.rows.forgotten);
  }
}

}  // namespace bouncesight
