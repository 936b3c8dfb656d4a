#include "daemon/count/history_batch.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "metrics/outcomes.h"
#include "parsers/text/civil_time.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMostText = 253;  // of any other text: a domain name at its longest

auto TextsOf(HistoryEntry& entry) {
  return std::to_array({&entry.source, &entry.host, &entry.instance, &entry.domain,
                        &entry.blocklist, &entry.listed_ip, &entry.reply, &entry.queue_id,
                        &entry.sender_domain, &entry.recipient});
}

bool IsKept(Outcome outcome) {
  return outcome == Outcome::kRejected || FailureIndex(outcome) < kFailureOutcomeCount;
}

HistoryEntry EntryOf(std::string_view source, const DeliveryEvent& event, const Verdict& verdict) {
  HistoryEntry entry;
  entry.outcome = event.outcome;
  entry.mta = event.mta;
  entry.code = event.reply.code;
  entry.enhanced = event.reply.enhanced;
  entry.cause = static_cast<std::uint16_t>(verdict.cause);
  entry.provider = static_cast<std::uint16_t>(verdict.provider);
  entry.results = event.repeat;
  entry.source = source;
  entry.host = event.host;
  entry.instance = event.instance;
  entry.domain = event.recipient_domain;
  entry.blocklist = verdict.blocklist;
  // The address that a refusal of our own calls listed is the client's.
  if (event.outcome != Outcome::kRejected) entry.listed_ip = verdict.listed_ip;
  entry.reply = event.reply.text.substr(0, HistoryBatch::kMostReply);
  entry.queue_id = event.queue_id;
  entry.sender_domain = DomainOf(event.message.sender);
  return entry;
}

}  // namespace

std::uint64_t HashKey(const HistoryTotalKey& key, std::uint64_t seed) {
  const std::uint64_t kind = std::uint64_t{key.cause} << 32U | std::uint64_t{key.provider} << 8U |
                             static_cast<std::uint64_t>(key.outcome);
  return MixBits(kind + MixBits(static_cast<std::uint64_t>(key.bucket) ^ seed));
}

HistoryBatch::HistoryBatch(std::shared_ptr<const RuleNames> names, Wants wants)
    : names_(std::move(names)), wants_(wants), stamps_(wants.now) {}

// A clock that is wrong must not put a row where it is never thought old.
std::int64_t HistoryBatch::TimeOf(const DeliveryEvent& event) {
  const auto time = stamps_.Read(event.time);
  return time && *time >= 0 ? std::min(*time, wants_.now + kDaySeconds) : wants_.now;
}

void HistoryBatch::Note(std::string_view source, const DeliveryEvent& event,
                        const Verdict& verdict) {
  const std::int64_t time = TimeOf(event);
  if (time < wants_.now - wants_.keep) return;
  const bool failed = event.outcome != Outcome::kDelivered;
  totals_[{time / kHistoryStep,
           failed ? static_cast<std::uint16_t>(verdict.cause) : std::uint16_t{0},
           static_cast<std::uint16_t>(verdict.provider), event.outcome}] += event.repeat;
  if (!IsKept(event.outcome)) return;
  if (texts_.size() >= kMostTexts) {
    ++dropped_;
    return;
  }
  HistoryEntry entry = EntryOf(source, event, verdict);
  entry.time = time;
  if (wants_.recipients) entry.recipient = event.recipient;
  Row row;
  row.begin = static_cast<std::uint32_t>(texts_.size());
  std::size_t i = 0;
  for (std::string_view* text : TextsOf(entry)) {
    const std::string_view kept = text == &entry.reply ? *text : text->substr(0, kMostText);
    row.lengths[i++] = static_cast<std::uint16_t>(kept.size());
    texts_.append(kept);
  }
  row.figures = entry;
  rows_.push_back(row);
}

void HistoryBatch::DropRows() {
  dropped_ += rows_.size();
  rows_ = {};
  texts_ = {};
}

HistoryEntry HistoryBatch::Entry(std::size_t row) const {
  HistoryEntry entry{rows_[row].figures, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  std::string_view rest = std::string_view(texts_).substr(rows_[row].begin);
  std::size_t i = 0;
  for (std::string_view* text : TextsOf(entry)) {
    *text = rest.substr(0, rows_[row].lengths[i]);
    rest.remove_prefix(rows_[row].lengths[i++]);
  }
  return entry;
}

}  // namespace bouncesight
