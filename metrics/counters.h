// The counters of the logs, described once.
//
// Each struct names its counters in ForEach, and whatever is done with all of them goes that way: a
// Tally clears them, Totals adds them up, the state record holds them, a Snapshot shows them. A new
// counter is a member here, counted in tally.cc, a family in log_families.cc and a row in
// METRICS.md. It goes to the end of its ForEach, so that the record of an older program reads as 0.
//
//   SourceCounters::ForEach([](auto& to, const auto& from) { Add(to, from); }, total, part);
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "metrics/delay_histogram.h"
#include "metrics/outcomes.h"
#include "parsers/event/skip.h"

namespace bouncesight {

// A table of names whose numbers change with the rules in a Tally, and never in Totals.
enum class NameKind : std::uint8_t { kCause, kProvider, kRule };

// A cell for each number of a table. What stands behind the end is zero.
template <NameKind kind, typename Cell>
struct By : std::vector<Cell> {
  Cell& Grown(std::size_t number) {
    if (number >= this->size()) this->resize(number + 1);
    return (*this)[number];
  }
  Cell Of(std::size_t number) const { return number < this->size() ? (*this)[number] : Cell{}; }

  friend bool operator==(const By& a, const By& b) {
    for (std::size_t i = 0; i < a.size() || i < b.size(); ++i) {
      if (!(a.Of(i) == b.Of(i))) return false;
    }
    return true;
  }
};

// One source.
struct SourceCounters {
  std::uint64_t bytes = 0;
  std::uint64_t counted = 0;    // lines that were events
  std::uint64_t excluded = 0;   // lines whose events an observer did not want (report --since)
  std::uint64_t truncated = 0;  // lines longer than the splitter allows; each is in another one too
  std::array<std::uint64_t, kSkipReasonCount> skipped{};

  template <typename Visit, typename... Same>
  static void ForEach(Visit&& visit, Same&... same) {
    visit(same.bytes...);
    visit(same.counted...);
    visit(same.excluded...);
    visit(same.truncated...);
    visit(same.skipped...);
  }
  std::uint64_t lines() const;  // counted + excluded + skipped
  friend bool operator==(const SourceCounters&, const SourceCounters&) = default;
};

// One mail server in a source: what it tried to deliver, and what it refused on the way in.
struct InstanceCounters {
  DeliveryCounts deliveries{};
  By<NameKind::kCause, FailureCounts> failures;
  By<NameKind::kCause, RejectionCounts> rejections;
  By<NameKind::kProvider, AttemptCounts> providers;

  template <typename Visit, typename... Same>
  static void ForEach(Visit&& visit, Same&... same) {
    visit(same.deliveries...);
    visit(same.failures...);
    visit(same.rejections...);
    visit(same.providers...);
  }
  friend bool operator==(const InstanceCounters&, const InstanceCounters&) = default;
};

// A block list and the address of ours that replies call listed; for refusals of our own there is
// no address.
struct ListCounters {
  FailureCounts hits{};
  std::uint64_t rejections = 0;

  template <typename Visit, typename... Same>
  static void ForEach(Visit&& visit, Same&... same) {
    visit(same.hits...);
    visit(same.rejections...);
  }
  friend bool operator==(const ListCounters&, const ListCounters&) = default;
};

// Events whose label value was folded into "other" for want of room.
struct OverflowCounters {
  std::uint64_t domain = 0, code = 0, instance = 0, blocklist = 0, provider = 0;

  friend bool operator==(const OverflowCounters&, const OverflowCounters&) = default;
};

using DelayRow = std::array<DelayHistogram, kFinalOutcomeCount>;  // by index into kFinalOutcomes

// What is not told apart by source.
struct LogCounters {
  DelayTable delays{};
  StepTable steps{};
  By<NameKind::kProvider, DelayRow> provider_delays;
  By<NameKind::kRule, std::uint64_t> rule_hits;  // of failures and of refusals
  std::uint64_t unclassified = 0;                // failures
  OverflowCounters overflow;

  template <typename Visit, typename... Same>
  static void ForEach(Visit&& visit, Same&... same) {
    visit(same.delays...);
    visit(same.steps...);
    visit(same.provider_delays...);
    visit(same.rule_hits...);
    visit(same.unclassified...);
    visit(same.overflow.domain...);
    visit(same.overflow.code...);
    visit(same.overflow.instance...);
    visit(same.overflow.blocklist...);
    visit(same.overflow.provider...);
  }
  friend bool operator==(const LogCounters&, const LogCounters&) = default;
};

// Adds one counter, table or histogram to another of its kind. A `By` needs its numbers translated:
// that is for Totals.
inline void Add(std::uint64_t& to, std::uint64_t from) { to += from; }
inline void Add(DelayHistogram& to, const DelayHistogram& from) { to.Add(from); }
template <typename Cell, std::size_t size>
void Add(std::array<Cell, size>& to, const std::array<Cell, size>& from) {
  for (std::size_t i = 0; i < size; ++i) Add(to[i], from[i]);
}

// Back to zero, keeping memory.
template <typename Counter>
void Reset(Counter& counter) {
  counter = {};
}
template <NameKind kind, typename Cell>
void Reset(By<kind, Cell>& cells) {
  for (Cell& cell : cells) cell = {};
}

template <typename Cell>
bool IsZero(const Cell& cell) {
  return cell == Cell{};
}

}  // namespace bouncesight
