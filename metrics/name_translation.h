// The numbers of one rule set in another one, by the names that both have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "metrics/byte_codec.h"
#include "metrics/names.h"

namespace bouncesight {

// A name that no longer exists has 0.
class NameTranslation {
 public:
  NameTranslation(const RuleNames& from, const RuleNames& to)
      : causes_(Numbers<std::uint16_t>(from.causes, to.causes)),
        providers_(Numbers<std::uint16_t>(from.providers, to.providers)),
        rules_(Numbers<std::uint32_t>(from.rules, to.rules)) {}

  std::uint16_t Cause(std::uint16_t number) const { return Of(causes_, number); }
  std::uint16_t Provider(std::uint16_t number) const { return Of(providers_, number); }
  std::uint32_t Rule(std::uint32_t number) const { return Of(rules_, number); }

  // By the number before.
  const std::vector<std::uint16_t>& causes() const { return causes_; }
  const std::vector<std::uint16_t>& providers() const { return providers_; }

 private:
  template <typename Number>
  static std::vector<Number> Numbers(const std::vector<std::string>& from,
                                     const std::vector<std::string>& to) {
    std::unordered_map<std::string_view, Number> by_name;
    for (std::size_t i = 0; i < to.size(); ++i) by_name.emplace(to[i], static_cast<Number>(i));
    std::vector<Number> numbers;
    for (const std::string& name : from) {
      const auto found = by_name.find(name);
      numbers.push_back(found == by_name.end() ? Number{0} : found->second);
    }
    return numbers;
  }
  template <typename Number>
  static Number Of(const std::vector<Number>& numbers, Number number) {
    return number < numbers.size() ? numbers[number] : Number{0};
  }

  std::vector<std::uint16_t> causes_, providers_;
  std::vector<std::uint32_t> rules_;
};

// The causes and providers by whose numbers the rest of a table's piece speaks, and how to read
// them now.
void WriteTableNames(ByteWriter& out, const RuleNames& names);
NameTranslation ReadTableNames(ByteReader& in, const RuleNames& now);

}  // namespace bouncesight
