#include "metrics/named_traffic.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "metrics/counters.h"
#include "metrics/outcomes.h"
#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

constexpr std::uint32_t kUnknown = 0;

}  // namespace

bool SpeaksOfSpam(std::size_t cause) {
  constexpr CauseId kSpam[] = {CauseId::kSpamContent, CauseId::kPoorReputation,
                               CauseId::kDomainBlocklisted, CauseId::kSenderSuspended};
  return std::ranges::count(kSpam, static_cast<CauseId>(cause)) > 0;
}

NamedTraffic::NamedTraffic(std::string_view unknown)
    : with_unknown_(!unknown.empty()), names_(kMostNames) {
  names_.Intern(unknown);
  rows_.emplace_back();
}

std::uint32_t NamedTraffic::NumberOf(std::string_view name) {
  std::array<char, kMostBytes> lower;
  name = name.substr(0, lower.size());
  std::ranges::transform(name, lower.begin(), [](char c) { return ToLower(c); });
  const std::uint32_t number = names_.Intern({lower.data(), name.size()});
  if (number == NameTable::kFull) return kUnknown;
  if (number >= rows_.size()) rows_.resize(number + std::size_t{1});
  return number;
}

void NamedTraffic::Row::Add(std::size_t cause, std::uint64_t count) {
  const auto key = static_cast<std::uint16_t>(cause);
  auto found = std::ranges::find(failures, key, [](const auto& one) { return one.first; });
  if (found == failures.end()) found = failures.insert(found, {key, 0});
  found->second += count;
}

void NamedTraffic::Row::Add(const Later& later) {
  attempts[later.outcome] += later.count;
  const bool failed = kDeliveryOutcomes[later.outcome] != Outcome::kDelivered;
  if (failed) Add(later.cause, later.count);
}

void NamedTraffic::Row::Add(const Row& other) {
  bouncesight::Add(attempts, other.attempts);
  for (const auto& [cause, count] : other.failures) Add(cause, count);
}

void NamedTraffic::Count(std::string_view name, std::size_t outcome, CauseId cause,
                         std::uint32_t repeat) {
  rows_[NumberOf(name)].Add(LaterOf(outcome, cause, repeat));
}

void NamedTraffic::CountLater(std::uint64_t message, std::size_t outcome, CauseId cause,
                              std::uint32_t repeat) {
  Later later = LaterOf(outcome, cause, repeat);
  later.key = message;
  Keep(later);
}

NamedTraffic::Later NamedTraffic::LaterOf(std::size_t outcome, CauseId cause,
                                          std::uint32_t repeat) {
  Later later;
  later.count = repeat;
  later.cause = static_cast<std::uint16_t>(cause);
  later.outcome = static_cast<std::uint8_t>(outcome);
  return later;
}

void NamedTraffic::Keep(const Later& later) {
  Later* const known = later_.Find(later.key, PartOf(later), [&](const Later& one) {
    return one.cause == later.cause && one.outcome == later.outcome && one.log == later.log;
  });
  if (known != nullptr) {
    known->count += later.count;
  } else if (later_.size() < kMostMessages) {
    later_.Add(later);
  } else {
    rows_[kUnknown].Add(later);
  }
}

void NamedTraffic::Carry(std::uint64_t message, std::string_view name) {
  CarryRow(message, NumberOf(name));
}

void NamedTraffic::CarryRow(std::uint64_t message, std::uint32_t row) {
  if (carried_.size() < kMostMessages || carried_.contains(message)) carried_[message] = row;
}

void NamedTraffic::Merge(const NamedTraffic& other, std::size_t log) {
  std::vector<std::uint32_t> ours(other.rows_.size(), kUnknown);
  for (std::uint32_t i = 1; i < ours.size(); ++i) ours[i] = NumberOf(other.names_[i]);
  for (std::uint32_t i = 0; i < ours.size(); ++i) rows_[ours[i]].Add(other.rows_[i]);
  other.later_.ForEach([&](const Later& later) {
    const auto found = carried_.find(later.key);
    if (found != carried_.end()) return rows_[found->second].Add(later);
    Later kept = later;
    kept.log = static_cast<std::uint32_t>(log);
    Keep(kept);
  });
  for (const auto& [message, row] : other.carried_) {
    NameLater(message, ours[row], log);
    CarryRow(message, ours[row]);
  }
}

// What an older log carries over belongs to results of a younger one that was merged before it.
void NamedTraffic::NameLater(std::uint64_t message, std::uint32_t row, std::size_t log) {
  later_.Drop(message, [&](const Later& later) {
    if (later.log == log) return false;
    rows_[row].Add(later);
    return true;
  });
}

std::vector<LabelRow> NamedTraffic::Rows(LabelOf label_of) const {
  Row unknown = rows_[kUnknown];
  later_.ForEach([&](const Later& later) { unknown.Add(later); });
  std::map<std::string, LabelRow> rows;
  for (std::uint32_t i = with_unknown_ ? 0 : 1; i < rows_.size(); ++i) {
    const Row& from = i == kUnknown ? unknown : rows_[i];
    const std::string label = label_of(names_[i]);
    LabelRow& row = rows[label];
    row.name = label;
    bouncesight::Add(row.deliveries, from.attempts);
    for (const auto& [cause, count] : from.failures) {
      if (cause >= row.failures.size()) row.failures.resize(cause + std::size_t{1});
      row.failures[cause] += count;
    }
  }
  std::vector<LabelRow> all;
  all.reserve(rows.size());
  for (auto& [label, row] : rows) all.push_back(std::move(row));
  return all;
}

}  // namespace bouncesight
