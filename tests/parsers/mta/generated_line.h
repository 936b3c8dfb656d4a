// Log lines made up from a seed, and the wrappers that they travel in. For tests that compare what
// is read out of a wrapped line with what is read out of the bare one.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

struct GeneratedLine {
  std::string program;  // "postfix/smtp", "postfix-out/lmtp", "exim"
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

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }
  std::string_view OneOf(const std::vector<std::string_view>& choices) {
    return choices[Below(choices.size())];
  }
  std::string Id(std::string_view alphabet, std::size_t length);
  std::string Address();
  std::string Reply();
  std::string PostfixMessage();
  std::string EximMessage();

  std::mt19937 random_;
};

struct Wrapper {
  std::string_view name;
  // One line, or several for a runtime that cuts lines: only the last gives the event.
  std::vector<std::string> (*wrap)(const GeneratedLine& line);
};

const std::vector<Wrapper>& AllWrappers();

}  // namespace bouncesight
