#include "metrics/report_facts.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "metrics/label.h"
#include "metrics/outcomes.h"
#include "parsers/text/ascii.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

std::int64_t QuarterOf(std::int64_t time) {
  const std::int64_t quarter = time / ReportFacts::kQuarter;
  return time % ReportFacts::kQuarter < 0 ? quarter - 1 : quarter;
}

}  // namespace

std::uint64_t TrafficCounts::all() const {
  return std::accumulate(attempts.begin(), attempts.end(), std::uint64_t{0});
}

void TrafficCounts::Add(const TrafficCounts& other) {
  bouncesight::Add(attempts, other.attempts);
  rejections += other.rejections;
}

void ReportFacts::Note(const DeliveryEvent& event, const Verdict& verdict,
                       std::optional<std::int64_t> time, const MessageJoin::Origin* origin) {
  const std::size_t outcome = DeliveryIndex(event.outcome);
  const bool attempt = outcome < kAttemptOutcomeCount;
  if (time) {
    span_.Note(*time);
  } else {
    untimed_ += event.repeat;
  }
  if (time && event.outcome != Outcome::kSuspended) {
    TrafficCounts one;
    (attempt ? one.attempts[outcome] : one.rejections) = event.repeat;
    NoteQuarter(QuarterOf(*time), one);
  }
  NoteHost(event.host, event.repeat);
  waiting_.Note(event, verdict, time, origin != nullptr && origin->arrived_here && !afterwards_);
  if (!attempt) return;
  NoteDomain(outcome, event);
  if (origin != nullptr) NoteSender(outcome, event, verdict.cause, *origin);
  if (!time || event.outcome == Outcome::kDelivered) return;
  causes_.Grown(static_cast<std::size_t>(verdict.cause)).Note(*time);
  if (verdict.blocklist.empty()) return;
  if (TimeSpan* span = ListSpan(verdict.blocklist, verdict.listed_ip)) span->Note(*time);
}

void ReportFacts::NoteQuarter(std::int64_t quarter, const TrafficCounts& counts) {
  if (last_quarter_.second == nullptr || last_quarter_.first != quarter) {
    if (quarters_.size() >= kMostQuarters && !quarters_.contains(quarter)) {
      untimed_ += counts.all() + counts.rejections;
      return;
    }
    last_quarter_ = {quarter, &quarters_[quarter]};
  }
  last_quarter_.second->Add(counts);
}

void ReportFacts::NoteHost(std::string_view host, std::uint64_t count) {
  if (last_host_ == nullptr || !SameBytes(last_host_->first, host)) {
    auto found = hosts_.find(host);
    if (found == hosts_.end()) {
      if (hosts_.size() >= kMostHosts) return;
      found = hosts_.emplace(host, 0).first;
    }
    last_host_ = &*found;
  }
  last_host_->second += count;
}

void ReportFacts::NoteDomain(std::size_t attempt, const DeliveryEvent& event) {
  DomainBuffer buffer;
  const std::uint32_t number = domain_names_.Intern(FoldDomain(event.recipient_domain, buffer));
  if (number == NameTable::kFull) return;
  if (number >= domains_.size()) domains_.resize(number + 1);
  domains_[number].attempts[attempt] += event.repeat;
  if (FinalIndex(event.outcome) < kFinalOutcomeCount) {
    domains_[number].delays.Observe(event.delay_seconds, event.repeat);
  }
}

void ReportFacts::NoteSender(std::size_t attempt, const DeliveryEvent& event, CauseId cause,
                             const MessageJoin::Origin& origin) {
  const bool earlier = !whole_ && !origin.arrived_here && origin.number != 0;
  const MessageFacts& message = event.message;
  if (message.sender.empty() && earlier) {
    senders_.CountLater(origin.number, attempt, cause, event.repeat);
  } else {
    senders_.Count(SenderDomain(message), attempt, cause, event.repeat);
  }
  if (!message.account.empty()) {
    accounts_.Count(message.account, attempt, cause, event.repeat);
  } else if (earlier) {
    accounts_.CountLater(origin.number, attempt, cause, event.repeat);
  }
}

void ReportFacts::BeginStretch(bool whole) {
  waiting_.BeginPiece();
  whole_ = whole;
}

void ReportFacts::BeginAfterwards() {
  BeginStretch(false);
  afterwards_ = true;
}

void ReportFacts::EndStretch(MessageJoin& join) {
  if (whole_) return;
  join.ForEachOpen([&](std::uint64_t number, const MessageFacts& facts) {
    if (!facts.sender.empty()) senders_.Carry(number, SenderDomain(facts));
    if (!facts.account.empty()) accounts_.Carry(number, facts.account);
  });
}

TimeSpan* ReportFacts::ListSpan(std::string_view list, std::string_view ip) {
  const auto found = std::find_if(lists_.begin(), lists_.end(), [&](const ListedSpan& one) {
    return one.list == list && one.ip == ip;
  });
  if (found != lists_.end()) return &found->span;
  if (lists_.size() >= kMostLists) return nullptr;
  return &lists_.emplace_back(ListedSpan{std::string(list), std::string(ip), {}}).span;
}

void ReportFacts::Merge(const ReportFacts& other, std::size_t log) {
  span_.Add(other.span_);
  untimed_ += other.untimed_;
  for (const auto& [quarter, counts] : other.quarters_) NoteQuarter(quarter, counts);
  for (const auto& [host, count] : other.hosts_) NoteHost(host, count);
  for (std::uint32_t i = 0; i < other.domains_.size(); ++i) {
    const std::uint32_t number = domain_names_.Intern(other.domain_names_[i]);
    if (number == NameTable::kFull) continue;
    if (number >= domains_.size()) domains_.resize(number + 1);
    Add(domains_[number].attempts, other.domains_[i].attempts);
    domains_[number].delays.Add(other.domains_[i].delays);
  }
  for (std::size_t i = 0; i < other.causes_.size(); ++i) causes_.Grown(i).Add(other.causes_[i]);
  for (const ListedSpan& one : other.lists_) {
    if (TimeSpan* span = ListSpan(one.list, one.ip)) span->Add(one.span);
  }
  waiting_.Merge(other.waiting_);
  senders_.Merge(other.senders_, log);
  accounts_.Merge(other.accounts_, log);
}

std::map<std::string, DomainTraffic> ReportFacts::Domains() const {
  std::map<std::string, DomainTraffic> domains;
  for (std::uint32_t i = 0; i < domains_.size(); ++i) {
    DomainTraffic& domain = domains[DomainLabel(domain_names_[i])];
    Add(domain.attempts, domains_[i].attempts);
    domain.delays.Add(domains_[i].delays);
  }
  return domains;
}

std::vector<LabelRow> ReportFacts::Senders() const { return senders_.Rows(DomainLabel); }
std::vector<LabelRow> ReportFacts::Accounts() const { return accounts_.Rows(NameLabel); }

std::map<std::pair<std::string, std::string>, TimeSpan> ReportFacts::Lists() const {
  std::map<std::pair<std::string, std::string>, TimeSpan> lists;
  for (const ListedSpan& one : lists_) {
    lists[{NameLabel(one.list), AddressLabel(one.ip)}].Add(one.span);
  }
  return lists;
}

}  // namespace bouncesight
