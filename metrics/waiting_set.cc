#include "metrics/waiting_set.h"

#include <algorithm>
#include <map>
#include <utility>

#include "metrics/outcomes.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

// Fixed, so that pieces read by several threads agree. Whoever aims collisions makes himself wait
// or not: no more.
constexpr std::uint64_t kSeed = 0x9e3779b97f4a7c15ULL;
// Of an expiry that names the message alone.
constexpr std::uint32_t kWholeMessage = 0;

std::uint64_t QueueOf(const DeliveryEvent& event) {
  return HashBytes(event.queue_id, HashBytes(event.host, kSeed));
}

std::uint32_t RecipientOf(const DeliveryEvent& event) {
  if (event.recipient.empty()) return kWholeMessage;
  return std::max(static_cast<std::uint32_t>(HashBytes(event.recipient, kSeed)), 1U);
}

std::uint64_t Both(std::uint64_t queue, std::uint32_t recipient) {
  return queue ^ (recipient * kSeed);
}

std::uint32_t SecondsOf(std::int64_t time) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time, 0, 0xFFFFFFFF));
}

RetryCounts& At(std::vector<RetryCounts>& counts, std::uint16_t cause) {
  if (cause >= counts.size()) counts.resize(cause + std::size_t{1});
  return counts[cause];
}

}  // namespace

void WaitingSet::Note(const DeliveryEvent& event, const Verdict& verdict,
                      std::optional<std::int64_t> time, bool arrived_here) {
  if (time && !piece_began_) piece_began_ = time;
  if (event.queue_id.empty() || event.outcome == Outcome::kRejected) return;
  const std::uint64_t queue = QueueOf(event);
  const std::uint32_t recipient = RecipientOf(event);
  const double delay = event.delay_seconds;
  if (event.outcome == Outcome::kDeferred || event.outcome == Outcome::kSuspended) {
    const std::int64_t arrival =
        time.value_or(0) - static_cast<std::int64_t>(std::clamp(delay, 0.0, 1e9));
    PutOff(queue, {.recipient = recipient,
                   .since = SecondsOf(arrival),
                   .last = SecondsOf(time.value_or(0)),
                   .provider = static_cast<std::uint16_t>(verdict.provider),
                   .cause = static_cast<std::uint16_t>(verdict.cause)});
    return;
  }
  const bool young = arrived_here ||
                     (time && delay >= 0 && static_cast<double>(*time - *piece_began_) > delay + 1);
  const Final final{.delivered = event.outcome == Outcome::kDelivered,
                    .time = SecondsOf(time.value_or(0)),
                    .delay = static_cast<float>(delay)};
  Settle(queue, recipient, final, !young);
}

void WaitingSet::PutOff(std::uint64_t queue, const Deferred& deferred) {
  const auto [begin, end] = deferred_.equal_range(queue);
  const auto found = std::find_if(
      begin, end, [&](const auto& one) { return one.second.recipient == deferred.recipient; });
  if (found == end) {
    overflowed_ = overflowed_ || deferred_.size() >= capacity_;
    if (!overflowed_) deferred_.emplace(queue, deferred);
    return;
  }
  Deferred& known = found->second;
  const std::uint32_t since = deferred.last >= known.last ? known.since : deferred.since;
  const auto rank = [](const Deferred& one) {
    return std::pair(static_cast<CauseId>(one.cause) != CauseId::kUnclassified, one.last);
  };
  if (rank(deferred) >= rank(known)) known = deferred;
  known.since = since;
}

void WaitingSet::CountEnd(const Deferred& deferred, const Final& final,
                          std::vector<RetryCounts>& counts) {
  RetryCounts& one = At(counts, deferred.cause);
  ++(final.delivered ? one.delivered : one.failed);
  if (!final.delivered) return;
  const bool told = final.delay < 0 && final.time != 0 && deferred.since != 0;
  one.after.Observe(told ? static_cast<double>(final.time) - deferred.since
                         : static_cast<double>(final.delay));
}

void WaitingSet::Settle(std::uint64_t queue, std::uint32_t recipient, const Final& final,
                        bool from_before) {
  // An earlier piece may have it among its deferrals: who ended how is told when all are there.
  if (from_before) {
    overflowed_ = overflowed_ || settled_.size() >= capacity_;
    if (!overflowed_) settled_.emplace(Both(queue, recipient), final);
    return;
  }
  const auto [begin, end] = deferred_.equal_range(queue);
  for (auto one = begin; one != end;) {
    const bool meant = recipient == kWholeMessage || one->second.recipient == recipient;
    if (meant) CountEnd(one->second, final, ended_);
    one = meant ? deferred_.erase(one) : std::next(one);
  }
}

void WaitingSet::Merge(const WaitingSet& other) {
  overflowed_ = overflowed_ || other.overflowed_;
  for (const auto& [queue, deferred] : other.deferred_) PutOff(queue, deferred);
  settled_.insert(other.settled_.begin(), other.settled_.end());
  overflowed_ = overflowed_ || settled_.size() > capacity_;
  for (std::size_t cause = 0; cause < other.ended_.size(); ++cause) {
    RetryCounts& to = At(ended_, static_cast<std::uint16_t>(cause));
    to.delivered += other.ended_[cause].delivered;
    to.failed += other.ended_[cause].failed;
    to.after.Add(other.ended_[cause].after);
  }
}

const WaitingSet::Final* WaitingSet::FinalOf(std::uint64_t queue, std::uint32_t recipient) const {
  auto found = settled_.find(Both(queue, recipient));
  if (found == settled_.end()) found = settled_.find(Both(queue, kWholeMessage));
  return found == settled_.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> WaitingSet::Count() const {
  if (overflowed_) return std::nullopt;
  return static_cast<std::uint64_t>(std::ranges::count_if(deferred_, [&](const auto& one) {
    return FinalOf(one.first, one.second.recipient) == nullptr;
  }));
}

std::vector<WaitingRow> WaitingSet::Rows(std::int64_t now) const {
  std::map<std::pair<std::uint16_t, std::uint16_t>, WaitingRow> rows;
  for (const auto& [queue, one] : deferred_) {
    if (overflowed_ || FinalOf(queue, one.recipient) != nullptr) continue;
    WaitingRow& row = rows[{one.provider, one.cause}];
    row.provider = one.provider;
    row.cause = one.cause;
    ++row.recipients;
    const std::int64_t age = one.since == 0 ? 0 : std::max<std::int64_t>(now - one.since, 0);
    row.oldest_seconds = std::max(row.oldest_seconds, static_cast<std::uint64_t>(age));
  }
  std::vector<WaitingRow> all;
  all.reserve(rows.size());
  for (const auto& [key, row] : rows) all.push_back(row);
  return all;
}

std::vector<RetryCounts> WaitingSet::Retries() const {
  if (overflowed_) return {};
  std::vector<RetryCounts> counts = ended_;
  for (const auto& [queue, one] : deferred_) {
    const Final* const final = FinalOf(queue, one.recipient);
    if (final == nullptr) {
      ++At(counts, one.cause).waiting;
    } else {
      CountEnd(one, *final, counts);
    }
  }
  return counts;
}

}  // namespace bouncesight
