#include "rules/rule_lint.h"

#include <algorithm>

#include "rules/pattern_db.h"
#include "rules/reply_text.h"

namespace bouncesight {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The largest number in a {n}, {n,} or {n,m} of `pattern`.
int LargestRepeat(std::string_view pattern) {
  int largest = 0;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '\\') {
      ++at;
    } else if (pattern[at] == '{') {
      int number = 0;
      for (++at; at < pattern.size() && (IsDigit(pattern[at]) || pattern[at] == ','); ++at) {
        number = IsDigit(pattern[at]) ? std::min(number * 10 + (pattern[at] - '0'), 100000) : 0;
        largest = std::max(largest, number);
      }
    }
  }
  return largest;
}

// Signs that the normaliser turns into ASCII, so that a pattern with them never matches.
bool HoldsMappedSign(std::string_view pattern) {
  static thread_local ReplyText text;
  for (std::size_t at = 0; at + 2 < pattern.size(); ++at) {
    if ((pattern[at] & 0x80) == 0) continue;
    const std::string_view sign = pattern.substr(at, 3);
    if (!sign.starts_with("\xe2\x80") && !sign.starts_with("\xef\xbc") &&
        !sign.starts_with("\xef\xbd") && !sign.starts_with("\xe3\x80\x80")) {
      continue;
    }
    text.Read(sign);
    if (text.words() != sign) return true;
  }
  return false;
}

}  // namespace

std::string LintPattern(std::string_view pattern) {
  if (pattern.empty()) return "is empty; write what the reply says";
  if (pattern.size() > kLongestPattern) return "is longer than 1000 bytes; split it into a list";
  const bool newline = std::any_of(pattern.begin(), pattern.end(),
                                   [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
  if (newline) return "holds an end of line; the words of a reply are one line";
  std::string unknown;
  const std::string expression = PlaceMasks(pattern, unknown);
  if (!unknown.empty()) {
    return "'" + unknown +
           "' is no mask; known are {addr}, {url}, {ip}, {host}, {id}, {name}, and \\{ "
           "is a brace";
  }
  if (LargestRepeat(pattern) > kMostRepeats) {
    return "repeats more than 50 times, which is slow; write .* or a smaller number";
  }
  if (HoldsMappedSign(pattern)) {
    return "holds a typographic or full-width sign, which replies never have after they are "
           "normalised; write the ASCII sign";
  }
  const Result<PatternFacts> facts = InspectPattern(expression);
  if (!facts) return "is not understood: " + facts.error().message + "; see rules/RULES.md";
  if (facts->min_width == 0) return "matches even nothing; ask for at least one word";
  return {};
}

std::vector<std::string> LintRule(const Rule& rule) {
  std::vector<std::string> findings;
  const auto add = [&](std::string_view key, const std::string& what) {
    findings.push_back(rule.file + ":" + std::to_string(rule.line) + ": " + rule.id + ": " +
                       std::string(key) + ": " + what);
  };
  for (const std::string& pattern : rule.match) {
    if (const std::string what = LintPattern(pattern); !what.empty()) {
      add("match", "'" + pattern + "' " + what);
    }
  }
  for (const std::string& pattern : rule.link) {
    if (const std::string what = LintPattern(pattern); !what.empty()) {
      add("link", "'" + pattern + "' " + what);
    }
  }
  if (rule.examples.empty()) {
    add("examples", "is missing; give one reply that this rule must win");
  }
  return findings;
}

}  // namespace bouncesight
