// Asks the history: when, what most, and which. For the page, `report` and `events`.
//
// Every call opens the database read only, sees one consistent state of it, and neither waits for a
// writer nor holds one up; so an object costs nothing, may live as long as it likes, and may be
// asked by several threads. Times are seconds since 1970; a span holds its `from` and not its `to`.
// An Error is one sentence for a person: there is no history yet, or it cannot be read.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "parsers/event/result.h"

namespace bouncesight {

struct HistorySpan {
  std::int64_t from = 0;
  std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

enum class HistoryBy : std::uint8_t { kOutcome, kCause, kProvider };

// A count of a step of time. `name` is as the metrics have it: "bounced", "user_unknown",
// "microsoft"; empty: no provider is known.
struct HistoryPoint {
  std::int64_t time = 0;  // where the step begins
  std::string name;
  std::uint64_t results = 0;

  friend bool operator==(const HistoryPoint&, const HistoryPoint&) = default;
};

enum class HistoryRank : std::uint8_t { kCauses, kProviders, kDomains, kSenders, kLists };

struct HistoryRanked {
  std::string name;
  std::string listed_ip;       // of lists: the address that was called listed; may be empty
  std::uint64_t failures = 0;  // deferred, bounced and expired; never refusals of our own
  std::uint64_t attempts = 0;  // of providers: those and what was delivered; else 0
  // When its first and its last failure of the span was: at the start of its five minutes, of
  // domains, senders and lists at that of its hour.
  std::int64_t first = 0, last = 0;

  friend bool operator==(const HistoryRanked&, const HistoryRanked&) = default;
};

// One row: a failure, or a refusal of our own server. Empty: unknown.
struct HistoryRow {
  std::int64_t id = 0;  // grows in the order of counting
  std::int64_t time = 0;
  std::string source, host, mta, instance, outcome, cause, provider, domain, enhanced_code,
      blocklist, listed_ip, reply, queue_id, sender_domain, recipient;
  std::uint16_t code = 0;  // 0: none
  std::uint32_t results = 1;
};

// All that is not empty must hold, letter for letter; domains are in lower case.
struct HistoryFilter {
  HistorySpan span = {};
  bool rejections = false;  // refusals of our own in place of failures
  std::string source = {}, host = {}, outcome = {}, cause = {}, provider = {}, domain = {},
              enhanced_code = {}, blocklist = {}, listed_ip = {}, queue_id = {}, sender_domain = {},
              recipient = {};
  std::uint16_t code = 0;  // 0: any
};

struct HistoryPage {
  std::vector<HistoryRow> rows;  // the newest first
  // Where to go on: ask again with it as `before`. None: there are no more. May come with fewer
  // rows than asked for, or none, where the time was up.
  std::optional<std::int64_t> before;
};

struct HistoryExtent {
  std::int64_t first = 0, last = 0;  // of the totals, at five minutes; 0: it is empty
  std::uint64_t failures = 0;        // rows
  std::uint64_t rejections = 0;      // rows; the newest 100,000 are kept
};

// Results of five minutes.
struct HistoryTotal {
  std::int64_t time = 0;
  std::string outcome, cause, provider;  // cause: empty of what was delivered
  std::uint64_t results = 0;
};

class HistoryReader {
 public:
  // A search answers after so long at most, with what it has.
  static constexpr std::chrono::milliseconds kPatience{120};

  // `path` is the database; it need not be there yet.
  explicit HistoryReader(std::string path) : path_(std::move(path)) {}

  Result<HistoryExtent> Extent() const;
  // In order of time, then name. `step` is a multiple of five minutes; steps begin at its multiples
  // since 1970 in the zone `offset` seconds east of Greenwich, so that days begin at midnight.
  // Steps without a result are left out. kOutcome has all outcomes, rejected too; kCause and
  // kProvider have failures only.
  Result<std::vector<HistoryPoint>> Timeline(HistorySpan span, std::int64_t step, HistoryBy by,
                                             std::int64_t offset = 0) const;
  // The most failures first. For domains, senders and lists the span is of whole hours: that of its
  // `from` counts from its start.
  Result<std::vector<HistoryRanked>> Top(HistoryRank rank, HistorySpan span,
                                         std::size_t limit) const;
  // Refusals by our own server, by cause.
  Result<std::vector<HistoryRanked>> TopRejections(HistorySpan span, std::size_t limit) const;
  // The newest first; `before` is of the page before.
  Result<HistoryPage> Search(const HistoryFilter& filter, std::size_t limit,
                             std::optional<std::int64_t> before = std::nullopt) const;

  // Every row, in the order of counting, for as long as `take` says true.
  Status EachRow(const HistoryFilter& filter,
                 const std::function<bool(const HistoryRow&)>& take) const;
  // Every total of the span, in order of time.
  Status EachTotal(HistorySpan span, const std::function<void(const HistoryTotal&)>& take) const;

 private:
  std::string path_;
};

}  // namespace bouncesight
