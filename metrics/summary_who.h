// The sections of a report that rest on the join by queue id: who sent what fails, what waits, and
// whether a retry helps. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "metrics/report_facts.h"
#include "metrics/snapshot.h"
#include "rules/advice.h"

namespace bouncesight {

// A sender's domain or a login.
struct SenderRank {
  std::string name;
  std::uint64_t attempts = 0, failures = 0, permanent = 0;  // permanent: bounced or expired
  std::uint64_t spam = 0;                                   // failures that call it spam
  std::string cause;                                        // the commonest
};

struct WaitingRank {
  std::string provider, cause;  // an empty provider is not known
  std::uint64_t recipients = 0, oldest_seconds = 0;
};

// Recipients whose last deferral had this cause.
struct RetryRank {
  std::string cause;
  std::uint64_t delivered = 0, failed = 0, waiting = 0;
  double median = -1, p95 = -1;  // of those that were delivered, since the arrival, in seconds

  std::uint64_t settled() const { return delivered + failed; }
};

struct WhoSummary {
  std::vector<SenderRank> senders, accounts;            // by failures
  std::vector<SenderRank> spam_senders, spam_accounts;  // by refusals as spam, where there are any
  std::vector<WaitingRank> waiting;
  std::vector<RetryRank> retries;
};

// At most `top` rows of each; equal counts in the order of names. `providers`: by ProviderId, those
// of the rules that judged.
WhoSummary SummariseWho(const Snapshot& snapshot, const ReportFacts& facts, std::size_t top,
                        const std::vector<std::string>& providers);

// "94 % within 40 min": of those that were settled, and for 95 of 100 of them; "-" where none is.
std::string RetryText(const RetryRank& one, Language language);

struct SummaryStyle;  // summary_text.h
std::string WhoText(const WhoSummary& who, const SummaryStyle& style);
std::string WhoHtml(const WhoSummary& who, Language language);

}  // namespace bouncesight
