#include "metrics/waiting_set.h"

#include <algorithm>

#include "metrics/name_table.h"
#include "metrics/outcomes.h"

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

}  // namespace

void WaitingSet::Note(const DeliveryEvent& event, std::optional<std::int64_t> time) {
  if (time && !piece_began_) piece_began_ = time;
  if (event.queue_id.empty() || event.outcome == Outcome::kRejected) return;
  const std::uint64_t queue = QueueOf(event);
  const std::uint32_t recipient = RecipientOf(event);
  if (event.outcome == Outcome::kDeferred || event.outcome == Outcome::kSuspended) {
    return PutOff(queue, recipient);
  }
  const bool young = time && event.delay_seconds >= 0 &&
                     static_cast<double>(*time - *piece_began_) > event.delay_seconds + 1;
  Settle(queue, recipient, !young);
}

void WaitingSet::PutOff(std::uint64_t queue, std::uint32_t recipient) {
  if (waiting_count_ >= capacity_) {
    overflowed_ = true;
    return;
  }
  Recipients& all = waiting_[queue];
  if (std::find(all.begin(), all.end(), recipient) != all.end()) return;
  all.push_back(recipient);
  ++waiting_count_;
}

void WaitingSet::Settle(std::uint64_t queue, std::uint32_t recipient, bool from_before) {
  if (from_before && settled_.size() < capacity_) {
    settled_.insert(Both(queue, recipient));
  } else if (from_before) {
    overflowed_ = true;
  }
  const auto found = waiting_.find(queue);
  if (found == waiting_.end()) return;
  Recipients& all = found->second;
  const std::size_t before = all.size();
  if (recipient == kWholeMessage) {
    all.clear();
  } else {
    std::erase(all, recipient);
  }
  waiting_count_ -= before - all.size();
  if (all.empty()) waiting_.erase(found);
}

void WaitingSet::Merge(const WaitingSet& other) {
  overflowed_ = overflowed_ || other.overflowed_;
  for (const auto& [queue, recipients] : other.waiting_) {
    for (const std::uint32_t one : recipients) PutOff(queue, one);
  }
  settled_.insert(other.settled_.begin(), other.settled_.end());
  overflowed_ = overflowed_ || settled_.size() > capacity_;
}

bool WaitingSet::Waits(std::uint64_t queue, std::uint32_t recipient) const {
  return !settled_.contains(Both(queue, recipient)) &&
         !settled_.contains(Both(queue, kWholeMessage));
}

std::optional<std::uint64_t> WaitingSet::Count() const {
  if (overflowed_) return std::nullopt;
  std::uint64_t count = 0;
  for (const auto& [queue, recipients] : waiting_) {
    for (const auto one : recipients) count += Waits(queue, one);
  }
  return count;
}

}  // namespace bouncesight
