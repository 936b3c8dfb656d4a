// Log lines made up from a seed; wrappers.h has what they travel in. For tests that compare two
// ways of reading the same.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

struct GeneratedLine {
  std::string program;  // "postfix/smtp", "postfix-out/lmtp", "exim"; may be empty
  std::string message;
};

// Delivery results of Postfix and Exim: every outcome, addresses and replies of all shapes, replies
// that imitate fields, and now and then one in GB18030.
class LineGenerator {
 public:
  explicit LineGenerator(std::uint32_t seed) : random_(seed) {}
  GeneratedLine Next();
  // What else stands in such a log: lines of arrival, queue and end, attempts, refusals, expiries,
  // other programs' lines, and what imitates a result.
  GeneratedLine NextNoise();
  // A line of any format (line_forms.h). Its program is empty where such lines have no header.
  GeneratedLine NextOfAnyFormat();

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }
  std::string_view OneOf(const std::vector<std::string_view>& choices) {
    return choices[Below(choices.size())];
  }
  std::string Id(std::string_view alphabet, std::size_t length);
  std::string Address();
  std::string Reply();
  std::string Fill(std::string_view form);
  std::string Filling(char place);
  std::string PostfixMessage();
  std::string EximMessage();

  std::mt19937 random_;
};

}  // namespace bouncesight
