// What to tell the person who reads a bounce: why it failed, whether a retry helps, who must act,
// and how. Each cause has advice (rules/advice.yaml); a rule may put its own texts over it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/result.h"

namespace bouncesight {

enum class Retry : std::uint8_t { kYes, kLater, kNo };
std::string_view RetryName(Retry retry);  // "yes", "later", "no"

// Who must act before such mail goes through.
enum class Act : std::uint8_t { kSender, kRecipient, kReceiver, kNetwork, kLocal };
std::string_view ActName(Act act);  // "sender", "recipient", …

enum class Language : std::uint8_t { kEnglish, kChinese };
std::optional<Language> LanguageFromName(std::string_view name);  // "en", "zh"

struct AdviceText {
  std::string why;
  std::vector<std::string> steps;

  friend bool operator==(const AdviceText&, const AdviceText&) = default;
};

struct Advice {
  Retry retry = Retry::kLater;
  Act act = Act::kSender;
  AdviceText en;
  AdviceText zh;

  const AdviceText& text(Language language) const {
    return language == Language::kChinese ? zh : en;
  }
  friend bool operator==(const Advice&, const Advice&) = default;
};

// A rule's own advice: what is given replaces the cause's.
struct AdviceOverride {
  std::optional<Retry> retry;
  std::optional<Act> act;
  std::optional<AdviceText> en;
  std::optional<AdviceText> zh;

  friend bool operator==(const AdviceOverride&, const AdviceOverride&) = default;
};
Advice Merge(const Advice& base, const AdviceOverride& over);

// One row of advice.yaml; `line` is where it starts.
struct CauseAdvice {
  std::string cause;
  Advice advice;
  int line = 0;
};

// Reads the text of advice.yaml; `name` is what messages call it. Errors are one line with name,
// line and key.
Result<std::vector<CauseAdvice>> ParseAdvice(std::string_view name, std::string_view text);

}  // namespace bouncesight
