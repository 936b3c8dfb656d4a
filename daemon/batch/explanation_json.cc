#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/batch/explainer.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

namespace json = boost::json;

json::string_view View(std::string_view text) { return {text.data(), text.size()}; }

void Put(json::object& object, std::string_view key, std::string_view text) {
  if (!text.empty()) object[View(key)] = View(text);
}

json::array Alternatives(const Explanation& verdict, const RuleSet& rules) {
  json::array all;
  for (const Alternative& loser : verdict.alternatives) {
    json::object one;
    Put(one, "cause", rules.cause_name(loser.cause));
    Put(one, "rule", rules.rule_name(loser.rule));
    Put(one, "why", loser.why);
    all.push_back(std::move(one));
  }
  return all;
}

json::array Steps(const AdviceText& advice) {
  json::array all;
  for (const std::string& step : advice.steps) all.push_back(View(step));
  return all;
}

}  // namespace

std::string ExplanationJson(const ExplainedText& explained, const RuleSet& rules,
                            Language language) {
  const Explanation& verdict = explained.verdict;
  const AdviceText& advice = explained.advice.text(language);
  json::object out;
  out["input"] = View(explained.input);
  if (explained.code != 0) out["code"] = explained.code;
  Put(out, "enhanced_code", explained.enhanced_code);
  Put(out, "phase", explained.phase);
  Put(out, "reply", explained.reply);
  Put(out, "recipient", explained.recipient);
  Put(out, "remote", explained.remote);
  Put(out, "cause", rules.cause_name(verdict.cause));
  Put(out, "family", explained.family);
  Put(out, "rule", rules.rule_name(verdict.rule));
  Put(out, "matched", ToUtf8(verdict.matched));
  out["alternatives"] = Alternatives(verdict, rules);
  Put(out, "outcome_hint", explained.outcome_hint);
  Put(out, "retry", RetryName(explained.advice.retry));
  Put(out, "act", ActName(explained.advice.act));
  Put(out, "provider", rules.provider_name(verdict.provider));
  Put(out, "blocklist", ToUtf8(verdict.blocklist));
  Put(out, "listed_ip", verdict.listed_ip);
  Put(out, "delisting_link", explained.delisting_link);
  Put(out, "explanation", advice.why);
  out["remedy"] = Steps(advice);
  return json::serialize(out);
}

}  // namespace bouncesight
