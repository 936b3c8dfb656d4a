#include "metrics/waiting_set.h"

#include <algorithm>
#include <map>
#include <utility>

#include "metrics/outcomes.h"
#include "parsers/text/hash.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// Fixed, so that pieces read by several threads agree. Whoever aims collisions makes himself wait
// or not: no more.
constexpr std::uint64_t kSeed = 0x9e3779b97f4a7c15ULL;
// Of an expiry that names the message alone.
constexpr std::uint32_t kWholeMessage = 0;

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

WaitingSet::WaitingSet(std::size_t capacity)
    : capacity_(capacity), host_hash_(HashBytes(host_, kSeed)) {}

std::uint64_t WaitingSet::QueueOf(std::string_view host, std::string_view queue_id) {
  if (!SameBytes(host, host_)) {
    host_.assign(host);
    host_hash_ = HashBytes(host, kSeed);
  }
  return HashBytes(queue_id, host_hash_);
}

void WaitingSet::Note(const DeliveryEvent& event, const Verdict& verdict,
                      std::optional<std::int64_t> time, bool arrived_here) {
  if (time && !piece_began_) piece_began_ = time;
  if (event.queue_id.empty() || event.outcome == Outcome::kRejected) return;
  const std::uint64_t queue = QueueOf(event.host, event.queue_id);
  const std::uint32_t recipient = RecipientOf(event);
  const double delay = event.delay_seconds;
  if (event.outcome == Outcome::kDeferred || event.outcome == Outcome::kSuspended) {
    const std::int64_t arrival =
        time.value_or(0) - static_cast<std::int64_t>(std::clamp(delay, 0.0, 1e9));
    PutOff({.key = queue,
            .recipient = recipient,
            .since = SecondsOf(arrival),
            .last = SecondsOf(time.value_or(0)),
            .provider = static_cast<std::uint16_t>(verdict.provider),
            .cause = static_cast<std::uint16_t>(verdict.cause)});
    if (!taken_away_.empty()) taken_away_.erase(queue);  // the id is a message's again
    return;
  }
  const bool young = arrived_here ||
                     (time && delay >= 0 && static_cast<double>(*time - *piece_began_) > delay + 1);
  const Final final{.delivered = event.outcome == Outcome::kDelivered,
                    .time = SecondsOf(time.value_or(0)),
                    .delay = static_cast<float>(delay)};
  Settle(queue, recipient, final, !young);
}

void WaitingSet::Expect(const DeliveryEvent& event) {
  if (event.queue_id.empty()) return;
  const std::uint64_t queue = QueueOf(event.host, event.queue_id);
  deferred_.Prefetch(queue);
  // Of a log that does not tell how old a message is every final is kept.
  if (event.delay_seconds < 0) ExpectFinal(queue, event);
}

// Apart, for most logs tell the age.
[[gnu::noinline]] void WaitingSet::ExpectFinal(std::uint64_t queue, const DeliveryEvent& event) {
  const bool put_off = event.outcome == Outcome::kDeferred || event.outcome == Outcome::kSuspended;
  if (!put_off) settled_index_.Prefetch(Both(queue, RecipientOf(event)));
}

void WaitingSet::PutOff(const Deferred& deferred) {
  Deferred* const same = deferred_.Find(deferred.key, deferred.recipient, IsOf{deferred.recipient});
  if (same == nullptr) {
    overflowed_ = overflowed_ || deferred_.size() >= capacity_;
    if (!overflowed_) deferred_.Add(deferred);
    return;
  }
  Deferred& known = *same;
  const Deferred before = known;
  const auto rank = [](const Deferred& one) {
    return std::pair(static_cast<CauseId>(one.cause) != CauseId::kUnclassified, one.last);
  };
  if (rank(deferred) >= rank(before)) known = deferred;
  known.since = deferred.last >= before.last ? before.since : deferred.since;
  known.next = before.next;
  known.before = before.before;
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

// Calls `one(deferred)` for those that are meant, and drops them.
template <typename One>
void WaitingSet::Drop(std::uint64_t queue, std::uint32_t recipient, One one) {
  if (recipient != kWholeMessage) return deferred_.DropOne(queue, recipient, IsOf{recipient}, one);
  deferred_.Drop(queue, [&](const Deferred& deferred) {
    one(deferred);
    return true;
  });
}

void WaitingSet::Settle(std::uint64_t queue, std::uint32_t recipient, const Final& final,
                        bool from_before) {
  // An earlier piece may have it among its deferrals: who ended how is told when all are there.
  if (from_before) return Remember(Both(queue, recipient), final);
  Drop(queue, recipient, [&](const Deferred& one) { CountEnd(one, final, ended_); });
}

void WaitingSet::TakeAway(std::string_view host, std::string_view queue_id,
                          std::optional<std::int64_t> time) {
  const std::uint64_t queue = QueueOf(host, queue_id);
  Drop(queue, kWholeMessage, [](const Deferred&) {});
  // An earlier piece may have it among its deferrals.
  overflowed_ = overflowed_ || taken_away_.size() >= capacity_;
  if (!overflowed_) taken_away_[queue] = SecondsOf(time.value_or(0));
}

void WaitingSet::Remember(std::uint64_t key, const Final& final) {
  if (Find(key) != nullptr) return;
  overflowed_ = overflowed_ || settled_.size() >= capacity_;
  if (overflowed_) return;
  settled_.push_back({key, final});
  settled_index_.Add(key, static_cast<std::uint32_t>(settled_.size()));
}

const WaitingSet::Final* WaitingSet::Find(std::uint64_t key) const {
  const std::uint32_t number =
      settled_index_.Find(key, [&](std::uint32_t one) { return settled_[one - 1].key == key; });
  return number == KeyIndex::kNone ? nullptr : &settled_[number - 1].final;
}

void WaitingSet::Merge(const WaitingSet& other) {
  overflowed_ = overflowed_ || other.overflowed_;
  other.deferred_.ForEach([&](const Deferred& one) { PutOff(one); });
  for (const Settled& one : other.settled_) Remember(one.key, one.final);
  for (const auto& [queue, time] : other.taken_away_) {
    Seconds& known = taken_away_[queue];
    known = std::max(known, time);
  }
  overflowed_ = overflowed_ || taken_away_.size() > capacity_;
  for (std::size_t cause = 0; cause < other.ended_.size(); ++cause) {
    RetryCounts& to = At(ended_, static_cast<std::uint16_t>(cause));
    to.delivered += other.ended_[cause].delivered;
    to.failed += other.ended_[cause].failed;
    to.after.Add(other.ended_[cause].after);
  }
}

const WaitingSet::Final* WaitingSet::FinalOf(const Deferred& deferred) const {
  const Final* const own = Find(Both(deferred.key, deferred.recipient));
  return own != nullptr ? own : Find(Both(deferred.key, kWholeMessage));
}

// A short queue id may be another message's later.
bool WaitingSet::IsTakenAway(const Deferred& deferred) const {
  const auto found = taken_away_.find(deferred.key);
  return found != taken_away_.end() && found->second >= deferred.last;
}

std::optional<std::uint64_t> WaitingSet::Count() const {
  if (overflowed_) return std::nullopt;
  std::uint64_t count = 0;
  deferred_.ForEach(
      [&](const Deferred& one) { count += FinalOf(one) == nullptr && !IsTakenAway(one) ? 1 : 0; });
  return count;
}

std::vector<WaitingRow> WaitingSet::Rows(std::int64_t now) const {
  if (overflowed_) return {};
  std::map<std::pair<std::uint16_t, std::uint16_t>, WaitingRow> rows;
  deferred_.ForEach([&](const Deferred& one) {
    if (FinalOf(one) != nullptr || IsTakenAway(one)) return;
    WaitingRow& row = rows[{one.provider, one.cause}];
    row.provider = one.provider;
    row.cause = one.cause;
    ++row.recipients;
    const std::int64_t age = one.since == 0 ? 0 : std::max<std::int64_t>(now - one.since, 0);
    row.oldest_seconds = std::max(row.oldest_seconds, static_cast<std::uint64_t>(age));
  });
  std::vector<WaitingRow> all;
  all.reserve(rows.size());
  for (const auto& [key, row] : rows) all.push_back(row);
  return all;
}

std::vector<RetryCounts> WaitingSet::Retries() const {
  if (overflowed_) return {};
  std::vector<RetryCounts> counts = ended_;
  deferred_.ForEach([&](const Deferred& one) {
    const Final* const final = FinalOf(one);
    if (final != nullptr) {
      CountEnd(one, *final, counts);
    } else if (!IsTakenAway(one)) {
      ++At(counts, one.cause).waiting;
    }
  });
  return counts;
}

}  // namespace bouncesight
