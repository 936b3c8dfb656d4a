#include "rules/advice.h"

#include <array>

#include "rules/advice_reader.h"

namespace bouncesight {
namespace {

constexpr std::array<std::string_view, 3> kRetries = {"yes", "later", "no"};
constexpr std::array<std::string_view, 5> kActs = {"sender", "recipient", "receiver", "network",
                                                   "local"};

template <typename Enum, std::size_t n>
std::optional<Enum> ReadOneOf(const std::array<std::string_view, n>& names, const YAML::Node& node,
                              std::string_view key, YamlErrors& errors) {
  const std::string text = ReadText(node, key, errors);
  std::string all;
  for (std::size_t i = 0; i < n; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
    all.append(i == 0 ? "" : ", ").append(names[i]);
  }
  errors.Add(node, key, "must be one of " + all);
  return std::nullopt;
}

AdviceText ReadAdviceText(const YAML::Node& node, std::string_view key, YamlErrors& errors) {
  AdviceText text;
  ReadMap(node, key,
          {{"why", [&](const YAML::Node& n) { text.why = ReadText(n, "why", errors); }},
           {"steps", [&](const YAML::Node& n) { text.steps = ReadTexts(n, "steps", errors); }}},
          errors);
  return text;
}

CauseAdvice ReadCauseAdvice(const YAML::Node& node, YamlErrors& errors) {
  CauseAdvice row;
  row.line = LineOf(node);
  AdviceOverride given;
  std::vector<YamlKey> keys = AdviceKeys(given, errors);
  keys.push_back({"cause", [&](const YAML::Node& n) { row.cause = ReadText(n, "cause", errors); }});
  ReadMap(node, "causes", keys, errors);
  if (!given.retry || !given.act || !given.en || !given.zh || row.cause.empty()) {
    errors.Add(node, "causes", "a row needs cause, retry, act, en and zh; add what is missing");
  }
  row.advice = Merge(row.advice, given);
  return row;
}

}  // namespace

std::string_view RetryName(Retry retry) { return kRetries.at(static_cast<std::size_t>(retry)); }
std::string_view ActName(Act act) { return kActs.at(static_cast<std::size_t>(act)); }

std::optional<Language> LanguageFromName(std::string_view name) {
  if (name == "en") return Language::kEnglish;
  if (name == "zh") return Language::kChinese;
  return std::nullopt;
}

Advice Merge(const Advice& base, const AdviceOverride& over) {
  Advice merged = base;
  if (over.retry) merged.retry = *over.retry;
  if (over.act) merged.act = *over.act;
  if (over.en) merged.en = *over.en;
  if (over.zh) merged.zh = *over.zh;
  return merged;
}

std::vector<YamlKey> AdviceKeys(AdviceOverride& into, YamlErrors& errors) {
  return {
      {"retry",
       [&](const YAML::Node& n) { into.retry = ReadOneOf<Retry>(kRetries, n, "retry", errors); }},
      {"act", [&](const YAML::Node& n) { into.act = ReadOneOf<Act>(kActs, n, "act", errors); }},
      {"en", [&](const YAML::Node& n) { into.en = ReadAdviceText(n, "en", errors); }},
      {"zh", [&](const YAML::Node& n) { into.zh = ReadAdviceText(n, "zh", errors); }},
  };
}

AdviceOverride ReadAdvice(const YAML::Node& node, YamlErrors& errors) {
  AdviceOverride advice;
  ReadMap(node, "advice", AdviceKeys(advice, errors), errors);
  return advice;
}

Result<std::vector<CauseAdvice>> ParseAdvice(std::string_view name, std::string_view text) {
  YamlErrors errors(name);
  std::vector<CauseAdvice> rows;
  const YAML::Node document = LoadYaml(text, errors);
  if (document.IsDefined()) {
    ReadMap(document, "",
            {{"causes",
              [&](const YAML::Node& list) {
                if (!list.IsSequence()) {
                  errors.Add(list, "causes", "must be a list of causes");
                  return;
                }
                for (const YAML::Node& row : list) {
                  rows.push_back(ReadCauseAdvice(row, errors));
                }
              }}},
            errors);
  }
  if (!errors.messages().empty()) return Error{errors.messages().front()};
  return rows;
}

}  // namespace bouncesight
