#include <algorithm>
#include <string>
#include <string_view>

#include "daemon/batch/explainer.h"
#include "metrics/json_text.h"

namespace bouncesight {
namespace {

void WriteAlternatives(const Explanation& verdict, const RuleSet& rules, JsonText& out) {
  out.Objects("alternatives", verdict.alternatives, [&](const Alternative& loser) {
    out.FieldIfAny("cause", rules.cause_name(loser.cause));
    out.FieldIfAny("rule", rules.rule_name(loser.rule));
    out.FieldIfAny("why", loser.why);
  });
}

void WriteExplanation(const ExplainedText& explained, const RuleSet& rules, Language language,
                      JsonText& out) {
  const Explanation& verdict = explained.verdict;
  const AdviceText& advice = explained.advice.text(language);
  out.Open('{');
  out.Field("input", explained.input);
  out.FieldIfAny("file", explained.file);
  out.FieldIfAny("message", explained.message);
  out.FieldIfAny("code", explained.code);
  out.FieldIfAny("enhanced_code", explained.enhanced_code);
  out.FieldIfAny("phase", explained.phase);
  out.FieldIfAny("reply", explained.reply);
  out.FieldIfAny("recipient", explained.recipient);
  out.FieldIfAny("remote", explained.remote);
  out.FieldIfAny("notice", NoticeName(explained.notice));
  out.FieldIfAny("tried_again", explained.tried_again);
  if (explained.failed) out.FieldIfAny("cause", rules.cause_name(verdict.cause));
  out.FieldIfAny("family", explained.family);
  out.FieldIfAny("rule", rules.rule_name(verdict.rule));
  out.FieldIfAny("matched", verdict.matched);
  WriteAlternatives(verdict, rules, out);
  out.FieldIfAny("outcome_hint", explained.outcome_hint);
  out.FieldIfAny("retry", RetryName(explained.advice.retry));
  if (!explained.silent) out.FieldIfAny("act", ActName(explained.advice.act));
  out.FieldIfAny("provider", rules.provider_name(verdict.provider));
  out.FieldIfAny("blocklist", verdict.blocklist);
  out.FieldIfAny("listed_ip", verdict.listed_ip);
  out.FieldIfAny("delisting_link", explained.delisting_link);
  out.FieldIfAny("explanation", advice.why);
  out.Strings("remedy", advice.steps);
  out.Close('}');
}

}  // namespace

std::string ExplanationJson(const ExplainedText& explained, const RuleSet& rules,
                            Language language) {
  JsonText out;
  WriteExplanation(explained, rules, language, out);
  return out.Take();
}

std::string ExplanationsJson(const std::vector<ExplainedText>& all, const RuleSet& rules,
                             Language language) {
  const std::size_t shown = std::min(all.size(), kMostAnswers);
  JsonText out;
  out.Open('{');
  out.Key("answers");
  out.Open('[');
  for (std::size_t i = 0; i < shown; ++i) WriteExplanation(all[i], rules, language, out);
  out.Close(']');
  out.Field("more", all.size() - shown);
  out.Close('}');
  return out.Take();
}

}  // namespace bouncesight
