// Rule sets out of a few lines of YAML, and replies put to them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "parsers/reason/reason.h"
#include "rules/classifier.h"

namespace bouncesight {

inline std::shared_ptr<const RuleSet> LoadRules(std::string_view catalog,
                                                std::string_view operator_file = "") {
  RuleSources sources;
  if (!operator_file.empty()) sources.operator_files.push_back({"mine.yaml", operator_file});
  sources.catalog.push_back({"ours.yaml", catalog});
  auto rules = RuleSet::Load(sources);
  EXPECT_TRUE(rules.has_value()) << (rules ? "" : rules.error().message);
  return rules ? *rules : nullptr;
}

// The catalogue that is shipped, loaded once.
inline std::shared_ptr<const RuleSet> ShippedRules() {
  static const auto rules = RuleSet::Load(EmbeddedSources());
  EXPECT_TRUE(rules.has_value()) << (rules ? "" : rules.error().message);
  return rules ? *rules : nullptr;
}

// The id of the rule that wins; "" for none.
inline std::string WinnerOf(Classifier& classifier, const Reply& reply,
                            std::string_view relay_host = "") {
  const Verdict verdict = classifier.Classify({reply, relay_host, "", ""});
  return std::string(classifier.rules().rule_name(verdict.rule));
}
inline std::string WinnerOf(Classifier& classifier, std::string_view text,
                            std::string_view relay_host = "") {
  const Reason reason = ParseReason(text);
  return WinnerOf(classifier, reason.reply, relay_host);
}

}  // namespace bouncesight
