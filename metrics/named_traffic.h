// Attempts and failures by a name that stands in another line than the result: the sender's domain,
// a login. Out of a log that may be read in pieces, by several threads.
//
// What a piece cannot name, since the message came in an earlier one, is kept by the message until
// the pieces are merged in their order; a log that was read before its predecessor finds the name
// when that one is merged. So the rows do not depend on how the log was cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "metrics/joined_rows.h"
#include "metrics/key_chains.h"
#include "metrics/name_table.h"
#include "rules/cause.h"

namespace bouncesight {

// Whether a receiver says with it that it takes the message, or its sender, for spam. Refusals of
// our address are not among them: they hit every sender alike.
bool SpeaksOfSpam(std::size_t cause);

// One thread. Bounded by the constants: what has no place counts as `unknown`.
class NamedTraffic {
 public:
  static constexpr std::size_t kMostNames = 65536;  // lower case, at most kMostBytes each
  static constexpr std::size_t kMostBytes = 128;
  static constexpr std::size_t kMostMessages = 100'000;  // that wait for their name, or have one

  // `unknown`: the row of what nobody names; empty: it is not counted.
  explicit NamedTraffic(std::string_view unknown);

  // An attempt: `outcome` is its index into kDeliveryOutcomes.
  void Count(std::string_view name, std::size_t outcome, CauseId cause, std::uint32_t repeat);
  // One whose name may stand in an earlier piece. `message`: the same number in every piece.
  void CountLater(std::uint64_t message, std::size_t outcome, CauseId cause, std::uint32_t repeat);
  // The piece has ended, and this message has not.
  void Carry(std::uint64_t message, std::string_view name);

  // `log`: pieces of one log have the same number, and come in order.
  void Merge(const NamedTraffic& other, std::size_t log);

  // As of all that was merged, in order of their labels; what nobody named is in `unknown`.
  using LabelOf = std::string (*)(std::string_view name);
  std::vector<LabelRow> Rows(LabelOf label_of) const;

 private:
  struct Later {
    std::uint64_t key = 0;  // the message
    std::uint64_t count = 0;
    std::uint32_t log = 0;
    std::uint32_t next = 0, before = 0;
    std::uint16_t cause = 0;
    std::uint8_t outcome = 0;

    friend std::uint64_t PartOf(const Later& one) {
      return (one.log << 24U) ^ (std::uint32_t{one.outcome} << 16U) ^ one.cause;
    }
  };
  struct Row {
    AttemptCounts attempts{};
    std::vector<std::pair<std::uint16_t, std::uint64_t>> failures;  // by cause

    void Add(std::size_t cause, std::uint64_t count);
    void Add(const Later& later);
    void Add(const Row& other);
  };

  std::uint32_t NumberOf(std::string_view name);
  static Later LaterOf(std::size_t outcome, CauseId cause, std::uint32_t repeat);
  void Keep(const Later& later);
  void CarryRow(std::uint64_t message, std::uint32_t row);
  void NameLater(std::uint64_t message, std::uint32_t row, std::size_t log);

  bool with_unknown_;
  NameTable names_;
  std::vector<Row> rows_;  // by number; the first is `unknown`
  KeyChains<Later> later_;
  std::unordered_map<std::uint64_t, std::uint32_t> carried_;  // message -> number
};

}  // namespace bouncesight
