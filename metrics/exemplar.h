// The last event behind a counter: which message to look for in the log, and which rule judged it.
// For OpenMetrics' exemplars. Fixed in size, so that keeping one allocates nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "metrics/outcomes.h"

namespace bouncesight {

class Exemplar {
 public:
  static constexpr std::size_t kMaxQueueId = 40;

  // A longer queue id is left out. `rule` is 0 for none.
  void Set(std::string_view queue_id, std::uint32_t rule) {
    set_ = true;
    rule_ = rule;
    size_ = queue_id.size() <= kMaxQueueId ? static_cast<std::uint8_t>(queue_id.size()) : 0;
    std::copy_n(queue_id.begin(), size_, queue_id_.begin());
  }
  // The same event by another table's number of its rule.
  void SetRule(std::uint32_t rule) { rule_ = rule; }

  bool is_set() const { return set_; }
  std::string_view queue_id() const { return {queue_id_.data(), size_}; }
  std::uint32_t rule() const { return rule_; }

  friend bool operator==(const Exemplar&, const Exemplar&) = default;

 private:
  std::array<char, kMaxQueueId> queue_id_{};
  std::uint8_t size_ = 0;
  bool set_ = false;
  std::uint32_t rule_ = 0;
};

using ExemplarRow = std::array<Exemplar, kFailureOutcomeCount>;

}  // namespace bouncesight
