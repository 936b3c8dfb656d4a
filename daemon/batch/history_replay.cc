#include "daemon/batch/history_replay.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "metrics/moment.h"
#include "metrics/outcomes.h"
#include "metrics/totals.h"

namespace bouncesight {
namespace {

constexpr std::string_view kSumsSource = "history";

Outcome OutcomeOf(std::string_view name) {
  for (std::size_t i = 0; i < kOutcomeCount; ++i) {
    if (OutcomeName(static_cast<Outcome>(i)) == name) return static_cast<Outcome>(i);
  }
  return Outcome::kDeferred;
}

Mta MtaOf(std::string_view name) {
  const auto found = std::find(kMtaNames.begin(), kMtaNames.end(), name);
  return static_cast<Mta>(found == kMtaNames.end() ? 0 : found - kMtaNames.begin());
}

// Causes and providers of today's rules by the names in the history.
class Numbers {
 public:
  explicit Numbers(const RuleSet& rules) : rules_(rules) {
    for (std::size_t i = 0; i <= rules.provider_count(); ++i) {
      const auto id = static_cast<ProviderId>(i);
      providers_.emplace(rules.provider_name(id), id);
    }
  }
  void Fill(std::string_view cause, std::string_view provider, Verdict& verdict) const {
    verdict.cause = rules_.FindCause(cause).value_or(CauseId::kUnclassified);
    const auto found = providers_.find(provider);
    verdict.provider = found == providers_.end() ? ProviderId::kNone : found->second;
  }

 private:
  const RuleSet& rules_;
  std::unordered_map<std::string_view, ProviderId> providers_;
};

// `sender` is "@" and the sender's domain.
DeliveryEvent EventOf(const HistoryRow& row, std::string_view time, std::string_view sender) {
  DeliveryEvent event;
  event.outcome = OutcomeOf(row.outcome);
  event.mta = MtaOf(row.mta);
  event.time = time;
  event.host = row.host;
  event.instance = row.instance;
  event.queue_id = row.queue_id;
  event.recipient = row.recipient;
  event.recipient_domain = row.domain;
  event.reply.code = row.code;
  std::size_t length = 0;
  event.reply.enhanced = ParseEnhancedCode(row.enhanced_code, length);
  event.reply.text = row.reply;
  event.message.sender = sender.size() > 1 ? sender : std::string_view{};
  event.repeat = row.results;
  return event;
}

// Counts as ReportRun does.
class Counting {
 public:
  explicit Counting(const RuleSet& rules)
      : names_(NamesOf(rules)), totals_(ReportLimits()), tally_(names_) {
    totals_.AddNames(*names_);
    result_.facts.BeginStretch();
    result_.facts.GiveUpWaiting();
  }

  void Count(std::string_view source, const DeliveryEvent& event, const Verdict& verdict,
             std::int64_t time) {
    tally_.CountEvent(tally_.Source(source), event, verdict);
    // All traffic of a domain is not known, and its share of failures must not look like 100 %.
    DeliveryEvent nowhere = event;
    nowhere.recipient_domain = {};
    result_.facts.Note(nowhere, verdict, time);
    if (tally_.nearly_full()) HandOver();
    if (verdict.cause != CauseId::kUnclassified || event.reply.text.empty()) return;
    TemplateMiner& miner = event.outcome == Outcome::kRejected ? result_.refusals : result_.miner;
    miner.Add(event.reply, event.recipient_domain);
  }

  ReportResult Finish() {
    HandOver();
    result_.snapshot = totals_.Publish();
    return std::move(result_);
  }

 private:
  void HandOver() {
    totals_.Merge(tally_);
    tally_.Clear(names_);
  }

  std::shared_ptr<const RuleNames> names_;
  Totals totals_;
  Tally tally_;
  ReportResult result_;
};

HistorySpan SpanOf(const TimeWindow& window) {
  return {std::max<std::int64_t>(window.since, 0), window.until};
}

}  // namespace

Status HistoryReplay::EachRow(const Take& take) const {
  const Numbers numbers(*rules_);
  bool more = true;
  const auto row_taken = [&](const HistoryRow& row) {
    const std::string time = Rfc3339({row.time, LocalOffset(row.time)});
    const std::string sender = "@" + row.sender_domain;
    const DeliveryEvent event = EventOf(row, time, sender);
    Verdict verdict;
    numbers.Fill(row.cause, row.provider, verdict);
    verdict.blocklist = row.blocklist;
    verdict.listed_ip = row.listed_ip;
    if (filter_.Holds(event, verdict)) more = take(event, verdict, row);
    return more;
  };
  HistoryFilter wanted;
  wanted.span = SpanOf(window_);
  if (Status status = reader_.EachRow(wanted, row_taken); !status || !more) return status;
  wanted.rejections = true;
  return reader_.EachRow(wanted, row_taken);
}

// Rows say more than sums do; of refusals, which are kept for a shorter time, the sums add what the
// rows do not have any more.
Result<ReportResult> HistoryReplay::Report() const {
  Counting counting(*rules_);
  std::unordered_map<std::string, std::uint64_t> refused;  // in rows, by cause
  Status status =
      EachRow([&](const DeliveryEvent& event, const Verdict& verdict, const HistoryRow& row) {
        if (event.outcome == Outcome::kRejected) refused[row.cause] += row.results;
        counting.Count(row.source, event, verdict, row.time);
        return true;
      });
  if (!status) return status.error();
  const Numbers numbers(*rules_);
  status = reader_.EachTotal(SpanOf(window_), [&](const HistoryTotal& total) {
    DeliveryEvent event;
    event.outcome = OutcomeOf(total.outcome);
    if (FailureIndex(event.outcome) < kFailureOutcomeCount) return;
    std::uint64_t results = total.results;
    if (event.outcome == Outcome::kRejected) {
      std::uint64_t& known = refused[total.cause];
      const std::uint64_t told = std::min(known, results);
      known -= told;
      results -= told;
    }
    if (results == 0) return;
    event.repeat = static_cast<std::uint32_t>(results);
    Verdict verdict;
    numbers.Fill(total.cause, total.provider, verdict);
    if (filter_.Holds(event, verdict)) counting.Count(kSumsSource, event, verdict, total.time);
  });
  if (!status) return status.error();
  return counting.Finish();
}

}  // namespace bouncesight
