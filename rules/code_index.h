// Rules that look at codes alone, by the code that they ask for: so that a reply costs a look-up,
// however many of them there are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "rules/rule.h"

namespace bouncesight {

// Filled by Add, then const and good for any thread. Rules go by their index in the set.
class CodeIndex {
 public:
  // `strength` is the rule's (RuleFacts::strength).
  void Add(const Rule& rule, std::uint32_t index, std::uint16_t strength);

  // Of the rules here.
  std::uint16_t max_strength() const { return max_strength_; }

  // Those that ask for a basic code and no enhanced one.
  std::span<const std::uint32_t> OfBasic(std::uint16_t code) const {
    if (code >= basic_.size()) return {};
    return basic_[code];
  }

  // Calls sink(index) for those that ask for an enhanced code, or for a family that `code` is of.
  template <typename Sink>
  void EachOfEnhanced(EnhancedCode code, Sink&& sink) const {
    if (!code.present() || enhanced_.empty()) return;
    for (const std::uint16_t subject : {code.subject, EnhancedPattern::kAny}) {
      for (const std::uint16_t detail : {code.detail, EnhancedPattern::kAny}) {
        const auto found = enhanced_.find({code.status_class, subject, detail});
        if (found == enhanced_.end()) continue;
        for (const std::uint32_t rule : found->second) sink(rule);
      }
    }
  }

  friend bool operator==(const CodeIndex&, const CodeIndex&) = default;

 private:
  // Wildcards as they are in the pattern, but for the class, which is given.
  struct Key {
    std::uint8_t status_class = 0;
    std::uint16_t subject = 0;
    std::uint16_t detail = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return (key.status_class * std::size_t{1009} + key.subject) * 1009 + key.detail;
    }
  };

  std::array<std::vector<std::uint32_t>, 1000> basic_;
  std::unordered_map<Key, std::vector<std::uint32_t>, KeyHash> enhanced_;
  std::uint16_t max_strength_ = 0;
};

}  // namespace bouncesight
