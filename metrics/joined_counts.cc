#include "metrics/joined_counts.h"

#include <utility>

#include "metrics/label.h"
#include "metrics/name_translation.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kCountsVersion = 2;
}  // namespace

JoinedCounts::JoinedCounts(bool accounts)
    : with_accounts_(accounts),
      senders_(kMostSenders, DomainLabel, {"unknown", "null", "local"}),
      accounts_(kMostAccounts, NameLabel, {}) {}

void JoinedCounts::Count(const DeliveryEvent& event, const Verdict& verdict) {
  const std::size_t outcome = DeliveryIndex(event.outcome);
  if (outcome >= kAttemptOutcomeCount) return;
  senders_.Count(SenderDomain(event.message), outcome, verdict.cause, event.repeat);
  if (!with_accounts_ || event.message.account.empty()) return;
  accounts_.Count(event.message.account, outcome, verdict.cause, event.repeat);
}

void JoinedCounts::CountFirstDeferral(ProviderId provider, std::uint32_t repeat) {
  const auto number = static_cast<std::size_t>(provider);
  if (number >= first_deferrals_.size()) first_deferrals_.resize(number + 1);
  first_deferrals_[number] += repeat;
  deferrals_changed_ = true;
}

JoinedRows JoinedCounts::RowsWith(const MessageJoin& join) const {
  JoinedRows rows;
  rows.senders = senders_.rows();
  if (with_accounts_) rows.accounts = accounts_.rows();
  rows.first_deferrals = first_deferrals_;
  rows.waiting = join.WaitingNow();
  rows.forgotten = join.table().forgotten();
  return rows;
}

// Layout: version, whether whole; if so the names of causes and providers; senders, accounts, first
// deferrals by provider. A change is of the counters that moved.
TablePiece JoinedCounts::Take(const RuleNames& names, bool whole) {
  whole = std::exchange(whole_next_, false) || whole;
  if (!whole && !senders_.changed() && !accounts_.changed() && !deferrals_changed_) return {};
  deferrals_changed_ = false;
  ByteWriter out;
  out.Number(kCountsVersion);
  out.Number(whole ? 1 : 0);
  if (whole) WriteTableNames(out, names);
  senders_.Write(out, whole);
  accounts_.Write(out, whole);
  out.Number(first_deferrals_.size());
  for (const std::uint64_t one : first_deferrals_) out.Number(one);
  return {whole, out.Take()};
}

bool JoinedCounts::RestorePiece(std::string_view piece, const RuleNames& names) {
  ByteReader in(piece);
  if (in.Number() != kCountsVersion) return false;
  if (in.Bounded(1) == 1) {
    const NameTranslation known = ReadTableNames(in, names);
    causes_ = known.causes();
    providers_ = known.providers();
  }
  if (!senders_.Read(in, causes_) || !accounts_.Read(in, causes_)) return false;
  first_deferrals_.clear();
  const std::size_t count = in.Count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t value = in.Number();
    const std::size_t provider = i < providers_.size() ? providers_[i] : 0;
    if (provider >= first_deferrals_.size()) first_deferrals_.resize(provider + 1);
    first_deferrals_[provider] += value;
  }
  return in.ok() && in.at_end();
}

Status JoinedCounts::Restore(const std::vector<std::string>& pieces, const RuleNames& names) {
  JoinedCounts fresh(with_accounts_);
  for (const std::string& piece : pieces) {
    if (!fresh.RestorePiece(piece, names)) {
      return Error{"the counters by sender are damaged, or a newer program's; they begin anew"};
    }
  }
  fresh.causes_.clear();
  fresh.providers_.clear();
  *this = std::move(fresh);
  return Ok{};
}

void JoinedCounts::Rename(const RuleNames& from, const RuleNames& to) {
  const NameTranslation names(from, to);
  senders_.Rename(names.causes());
  accounts_.Rename(names.causes());
  const std::vector<std::uint64_t> old = std::exchange(first_deferrals_, {});
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old[i] != 0) {
      CountFirstDeferral(static_cast<ProviderId>(names.Provider(static_cast<std::uint16_t>(i))), 0);
      first_deferrals_[names.Provider(static_cast<std::uint16_t>(i))] += old[i];
    }
  }
  whole_next_ = true;
}

}  // namespace bouncesight
