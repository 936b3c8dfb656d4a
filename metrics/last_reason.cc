#include "metrics/last_reason.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "metrics/name_translation.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

constexpr std::size_t kWays = 8;  // an entry lies in one of so many places: a set-associative cache
// What a piece begins with.
constexpr std::uint64_t kOldWhole = 1;  // of an older program
constexpr std::uint64_t kWhole = 2;
constexpr std::uint64_t kChanges = 3;
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
    : entries_(std::bit_ceil(std::max(capacity, kWays))), dirty_(entries_.size()) {}

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
  const bool same = place->key == entry.key && SameReason(*place, entry);
  // The same once more is no news, unless the entry is about to count as old.
  if (same && entry.stamp - place->stamp < entries_.size() / 4) {
    place->rule = entry.rule;
    place->provider = entry.provider;
    return;
  }
  if (place->key == 0) ++size_;
  *place = entry;
  dirty_.Mark(static_cast<std::size_t>(place - entries_.data()));
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
  dirty_.MarkAll();
}

bool LastReasons::SameReason(const Entry& a, const Entry& b) {
  return a.cause == b.cause && a.code == b.code && a.enhanced == b.enhanced;
}

std::vector<const LastReasons::Entry*> LastReasons::InOrder(
    const std::vector<std::uint32_t>& slots) const {
  std::vector<const Entry*> order;
  order.reserve(slots.size());
  for (const std::uint32_t slot : slots) {
    if (entries_[slot].key != 0) order.push_back(&entries_[slot]);
  }
  std::sort(order.begin(), order.end(),
            [&](const Entry* a, const Entry* b) { return clock_ - a->stamp > clock_ - b->stamp; });
  return order;
}

// A reason and the keys that it was the last one of, from the oldest to the youngest: a message and
// its recipient most often share one.
TablePiece LastReasons::Take(const RuleNames& names, bool whole) {
  whole = whole || dirty_.all();
  if (!whole && dirty_.list().empty()) return {};
  std::vector<std::uint32_t> slots = dirty_.list();
  ByteWriter out;
  out.Number(whole ? kWhole : kChanges);
  if (whole) {
    slots.resize(entries_.size());
    std::iota(slots.begin(), slots.end(), 0U);
    out.Number(names.causes.size());
    for (const std::string& name : names.causes) out.String(name);
  }
  dirty_.Clear();
  const std::vector<const Entry*> order = InOrder(slots);
  out.Number(order.size());
  for (auto at = order.begin(); at != order.end();) {
    const auto end = std::find_if(
        at, order.end(), [first = *at](const Entry* one) { return !SameReason(*first, *one); });
    out.Number(static_cast<std::uint64_t>(end - at));
    out.Number((*at)->cause);
    out.Number((*at)->code);
    out.Number((*at)->enhanced.status_class);
    out.Number((*at)->enhanced.subject);
    out.Number((*at)->enhanced.detail);
    for (; at != end; ++at) out.Hash((*at)->key);
  }
  return {whole, out.Take()};
}

Status LastReasons::Restore(const std::vector<std::string>& pieces, const RuleNames& names) {
  LastReasons fresh(entries_.size());
  NameTranslation known({}, names);
  for (const std::string& piece : pieces) {
    if (!fresh.RestorePiece(piece, names, known)) {
      return Error{"the table of last reasons is damaged, or a newer program's; it is left out"};
    }
  }
  fresh.dirty_.MarkAll();
  *this = std::move(fresh);
  return Ok{};
}

bool LastReasons::RestorePiece(std::string_view piece, const RuleNames& names,
                               NameTranslation& known) {
  ByteReader in(piece);
  const std::uint64_t kind = in.Number();
  if (kind != kOldWhole && kind != kWhole && kind != kChanges) return false;
  if (kind != kChanges) {
    RuleNames from;
    for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) from.causes.emplace_back(in.String());
    known = NameTranslation(from, names);
  }
  kind == kOldWhole ? RestoreOld(in, known) : RestoreRuns(in, known);
  return in.ok() && in.at_end();
}

// A list of entries, each with its own reason.
void LastReasons::RestoreOld(ByteReader& in, const NameTranslation& known) {
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    const std::uint64_t key = in.Number();
    Entry entry = ReadReason(in, known);
    entry.key = key;
    if (in.ok()) PutRestored(entry);
  }
}

void LastReasons::RestoreRuns(ByteReader& in, const NameTranslation& known) {
  std::uint64_t left = in.Count();
  while (left > 0 && in.ok()) {
    std::uint64_t keys = in.Bounded(left);
    if (keys == 0) return in.Fail();
    left -= keys;
    for (Entry entry = ReadReason(in, known); keys > 0 && in.ok(); --keys) {
      entry.key = in.Hash();
      if (in.ok()) PutRestored(entry);
    }
  }
}

LastReasons::Entry LastReasons::ReadReason(ByteReader& in, const NameTranslation& known) {
  Entry entry;
  entry.cause = known.Cause(static_cast<std::uint16_t>(in.Bounded(0xFFFF)));
  entry.code = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
  entry.enhanced.status_class = static_cast<std::uint8_t>(in.Bounded(0xFF));
  entry.enhanced.subject = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
  entry.enhanced.detail = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
  return entry;
}

void LastReasons::PutRestored(Entry entry) {
  if (entry.key == 0 || entry.cause == 0) return;  // its cause is no longer known
  entry.stamp = ++clock_;
  Put(entry);
}

}  // namespace bouncesight
