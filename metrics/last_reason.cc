#include "metrics/last_reason.h"

#include <algorithm>
#include <bit>

#include "metrics/byte_codec.h"
#include "metrics/name_table.h"
#include "metrics/name_translation.h"

namespace bouncesight {
namespace {

constexpr std::size_t kWays = 8;  // an entry lies in one of so many places: a set-associative cache
constexpr std::uint64_t kVersion = 1;
// Part of the state record, so the hash must be the same in every run.
constexpr std::uint64_t kSeed = 0x626f756e63657369ULL;

std::uint64_t Hash(std::string_view host, std::string_view queue_id, std::string_view recipient) {
  const std::uint64_t hash = HashBytes(recipient, HashBytes(queue_id, HashBytes(host, kSeed)));
  return hash == 0 ? 1 : hash;  // 0 marks a free entry
}

bool NamesNoCause(const DeliveryEvent& event, const Verdict& verdict) {
  return verdict.cause == CauseId::kMessageExpired ||
         (event.outcome == Outcome::kExpired && verdict.cause == CauseId::kUnclassified);
}

}  // namespace

LastReasons::LastReasons(std::size_t capacity)
    : entries_(std::bit_ceil(std::max(capacity, kWays))) {}

void LastReasons::Apply(DeliveryEvent& event, Verdict& verdict) {
  // "status=expired" has no words to be classified by; that it expired is all that it says.
  if (event.outcome == Outcome::kExpired && verdict.cause == CauseId::kUnclassified &&
      event.reply.text.empty()) {
    verdict.cause = CauseId::kMessageExpired;
  }
  if (event.queue_id.empty()) return;
  if (NamesNoCause(event, verdict)) {
    const Entry* last = nullptr;
    if (!event.recipient.empty()) {
      last = Find(Hash(event.host, event.queue_id, event.recipient));
    }
    if (last == nullptr) last = Find(Hash(event.host, event.queue_id, {}));
    if (last == nullptr) return;
    verdict.cause = static_cast<CauseId>(last->cause);
    verdict.rule = static_cast<RuleId>(last->rule);
    verdict.provider = static_cast<ProviderId>(last->provider);
    if (event.reply.code == 0) event.reply.code = last->code;
    if (!event.reply.enhanced.present()) event.reply.enhanced = last->enhanced;
    return;
  }
  const bool postponed =
      event.outcome == Outcome::kDeferred || event.outcome == Outcome::kSuspended;
  if (!postponed || verdict.cause == CauseId::kUnclassified) return;
  Remember(Hash(event.host, event.queue_id, {}), event, verdict);
  if (!event.recipient.empty()) {
    Remember(Hash(event.host, event.queue_id, event.recipient), event, verdict);
  }
}

void LastReasons::Remember(std::uint64_t key, const DeliveryEvent& event, const Verdict& verdict) {
  Entry entry;
  entry.key = key;
  entry.rule = static_cast<std::uint32_t>(verdict.rule);
  entry.provider = static_cast<std::uint16_t>(verdict.provider);
  entry.cause = static_cast<std::uint16_t>(verdict.cause);
  entry.code = event.reply.code;
  entry.enhanced = event.reply.enhanced;
  entry.stamp = ++clock_;
  Put(entry);
}

void LastReasons::Put(const Entry& entry) {
  Entry* const set = &entries_[entry.key & (entries_.size() - kWays)];
  Entry* place = set;
  for (Entry* at = set; at != set + kWays; ++at) {
    if (at->key == entry.key) {
      place = at;
      break;
    }
    // Differences, so that the clock may wrap around.
    const auto age = [&](const Entry* one) {
      return one->key == 0 ? 0xFFFFFFFFU : entry.stamp - one->stamp;
    };
    if (age(at) > age(place)) place = at;
  }
  if (place->key == 0) ++size_;
  *place = entry;
  ++version_;
}

const LastReasons::Entry* LastReasons::Find(std::uint64_t key) const {
  const Entry* const set = &entries_[key & (entries_.size() - kWays)];
  const Entry* const found =
      std::find_if(set, set + kWays, [&](const Entry& entry) { return entry.key == key; });
  return found == set + kWays ? nullptr : found;
}

void LastReasons::Rename(const RuleNames& from, const RuleNames& to) {
  const NameTranslation names(from, to);
  for (Entry& entry : entries_) {
    if (entry.key == 0) continue;
    entry.cause = names.Cause(entry.cause);
    entry.rule = names.Rule(entry.rule);
    entry.provider = names.Provider(entry.provider);
    if (entry.cause != 0) continue;
    entry = {};
    --size_;
  }
  ++version_;
}

// Layout: version, the names of causes, rules and providers that occur, then the entries from the
// oldest to the youngest. Rules and providers are left out: only a count of rule hits and a label
// would need them, and a cause must survive another rule set.
std::string LastReasons::Encode(const RuleNames& names) const {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries_) {
    if (entry.key != 0 && entry.cause < names.causes.size()) order.push_back(&entry);
  }
  std::sort(order.begin(), order.end(),
            [&](const Entry* a, const Entry* b) { return clock_ - a->stamp > clock_ - b->stamp; });
  ByteWriter out;
  out.Number(kVersion);
  out.Number(names.causes.size());
  for (const std::string& name : names.causes) out.String(name);
  out.Number(order.size());
  for (const Entry* entry : order) {
    out.Number(entry->key);
    out.Number(entry->cause);
    out.Number(entry->code);
    out.Number(entry->enhanced.status_class);
    out.Number(entry->enhanced.subject);
    out.Number(entry->enhanced.detail);
  }
  return out.Take();
}

Status LastReasons::Decode(std::string_view bytes, const RuleNames& names) {
  ByteReader in(bytes);
  if (in.Number() != kVersion) return Error{"the table of last reasons has a foreign version"};
  RuleNames from;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) from.causes.emplace_back(in.String());
  const NameTranslation known(from, names);
  LastReasons fresh(entries_.size());
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    Entry entry;
    entry.key = in.Number();
    entry.cause = known.Cause(static_cast<std::uint16_t>(in.Bounded(0xFFFF)));
    entry.code = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    entry.enhanced.status_class = static_cast<std::uint8_t>(in.Bounded(0xFF));
    entry.enhanced.subject = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    entry.enhanced.detail = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    if (!in.ok() || entry.key == 0 || entry.cause == 0) continue;
    entry.stamp = ++fresh.clock_;
    fresh.Put(entry);
  }
  if (!in.ok() || !in.at_end()) return Error{"the table of last reasons is damaged"};
  fresh.version_ = version_ + 1;
  *this = std::move(fresh);
  return Ok{};
}

}  // namespace bouncesight
