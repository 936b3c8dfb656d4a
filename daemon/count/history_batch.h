// What one worker saw between two commits, for the history: a row for each failure and refusal, and
// how many results there were by five minutes, outcome, cause and provider.
//
// A delivery costs a look-up in a small table; only a failure is copied. The texts of all rows
// stand one behind the other in one buffer, as logged: what makes labels and templates of them is
// the history's own thread. Rows are bounded by kMostTexts; what is beyond is counted as dropped,
// and is in the totals all the same.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/system/stamp_reader.h"
#include "metrics/flat_map.h"
#include "metrics/names.h"
#include "parsers/event/delivery_event.h"
#include "rules/verdict.h"

namespace bouncesight {

inline constexpr std::int64_t kHistoryStep = 300;  // seconds

struct HistoryTotalKey {
  std::int64_t bucket = 0;  // time / kHistoryStep
  std::uint16_t cause = 0;  // numbers of the batch's names
  std::uint16_t provider = 0;
  Outcome outcome = Outcome::kDelivered;

  friend bool operator==(const HistoryTotalKey&, const HistoryTotalKey&) = default;
};
std::uint64_t HashKey(const HistoryTotalKey& key, std::uint64_t seed);

struct HistoryFigures {
  std::int64_t time = 0;  // seconds since 1970
  Outcome outcome = Outcome::kDeferred;
  Mta mta = Mta::kPostfix;
  std::uint16_t code = 0;
  std::uint16_t cause = 0;
  std::uint16_t provider = 0;
  std::uint32_t results = 1;
  EnhancedCode enhanced;
};

// One failure or refusal. Views into its batch.
struct HistoryEntry : HistoryFigures {
  std::string_view source, host, instance, domain, blocklist, listed_ip, reply, queue_id,
      sender_domain, recipient;  // recipient: empty unless it is to be kept
};

// One thread at a time.
class HistoryBatch {
 public:
  static constexpr std::size_t kMostTexts = 16UL << 20;  // bytes
  static constexpr std::size_t kMostReply = 512;         // of one reply

  struct Wants {
    bool recipients = false;
    std::int64_t now = 0;   // seconds since 1970: tells the year of a stamp that has none
    std::int64_t keep = 0;  // seconds: what is older than that is not noted
  };
  // `names` are of the rules that the verdicts come from.
  HistoryBatch(std::shared_ptr<const RuleNames> names, Wants wants);

  void Note(std::string_view source, const DeliveryEvent& event, const Verdict& verdict);

  bool empty() const { return totals_.size() == 0; }
  std::size_t bytes() const { return texts_.size() + rows_.size() * sizeof(Row); }
  std::size_t rows() const { return rows_.size(); }
  std::uint64_t dropped() const { return dropped_; }  // rows
  // Leaves the totals only; the rows count as dropped.
  void DropRows();

  HistoryEntry Entry(std::size_t row) const;
  const std::vector<FlatMap<HistoryTotalKey>::Entry>& totals() const { return totals_.entries(); }
  const RuleNames& names() const { return *names_; }

 private:
  static constexpr std::size_t kTexts = 10;
  struct Row {
    HistoryFigures figures;
    std::uint32_t begin = 0;
    std::uint16_t lengths[kTexts] = {};
  };

  std::int64_t TimeOf(const DeliveryEvent& event);

  std::shared_ptr<const RuleNames> names_;
  Wants wants_;
  StampReader stamps_;
  FlatMap<HistoryTotalKey> totals_;
  std::vector<Row> rows_;
  std::string texts_;
  std::uint64_t dropped_ = 0;
};

// Makes the next batch, for verdicts with these names; null where there is no history. From any
// thread.
using HistoryBatchMaker =
    std::function<std::unique_ptr<HistoryBatch>(std::shared_ptr<const RuleNames>)>;

// Where the committer hands them on.
class HistorySink {
 public:
  virtual ~HistorySink() = default;

  // Before the state record of this number is written, and perhaps again with more if that fails.
  // Waits for a moment at most. One thread.
  virtual void Take(std::uint64_t commit, std::vector<std::unique_ptr<HistoryBatch>> batches) = 0;
};

}  // namespace bouncesight
