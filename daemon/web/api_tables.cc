#include "daemon/web/api_tables.h"

#include <algorithm>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "metrics/joined_sums.h"
#include "metrics/json_text.h"
#include "metrics/summary_words.h"
#include "rules/cause_words.h"

namespace bouncesight {
namespace {

std::uint64_t FailuresOf(const LabelRow& row) {
  std::uint64_t failures = 0;
  for (std::size_t i = 1; i < kAttemptOutcomeCount; ++i) failures += row.deliveries[i];
  return failures;
}

void WriteCauses(const LabelRow& row, const Snapshot& snapshot, JsonText& json) {
  json.Key("causes");
  json.Open('{');
  for (std::size_t i = 0; i < row.failures.size(); ++i) {
    json.FieldIfAny(snapshot.causes[i], row.failures[i]);
  }
  json.Close('}');
}

void WriteCause(const RuleSet& rules, CauseId cause, Language language, JsonText& json) {
  const std::string_view name = rules.cause_name(cause);
  const Advice advice = rules.advice(cause, RuleId::kNone);
  const AdviceText& text = advice.text(language);
  json.Open('{');
  json.Field("cause", name);
  json.Field("family", rules.cause_family(cause));
  json.FieldIfAny("words", CauseWords(name, language));
  json.Field("act", ActName(advice.act));
  json.Field("retry", RetryName(advice.retry));
  json.Field("explanation", text.why);
  json.Strings("remedy", text.steps);
  json.Close('}');
}

void WriteWords(std::string_view key, std::span<const std::string_view> names,
                std::string_view (*word)(std::string_view, Language), Language language,
                JsonText& json) {
  json.Key(key);
  json.Open('{');
  for (const std::string_view name : names) json.FieldIfAny(name, word(name, language));
  json.Close('}');
}

// What the rest of the vocabulary is called: the keys stay what they are.
void WriteVocabulary(const RuleSet& rules, Language language, JsonText& json) {
  std::set<std::string_view> families;
  std::vector<std::string_view> providers;
  for (std::size_t i = 0; i < rules.cause_count(); ++i) {
    families.insert(rules.cause_family(static_cast<CauseId>(i)));
  }
  providers.reserve(rules.provider_count());
  for (std::size_t i = 1; i <= rules.provider_count(); ++i) {
    providers.push_back(rules.provider_name(static_cast<ProviderId>(i)));
  }
  const std::vector<std::string_view> kinds(families.begin(), families.end());
  WriteWords("families", kinds, FamilyWords, language, json);
  WriteWords("providers", providers, ProviderWords, language, json);
  std::vector<std::string_view> outcomes = {OutcomeName(Outcome::kRejected)};
  for (const Outcome outcome : kDeliveryOutcomes) outcomes.push_back(OutcomeName(outcome));
  WriteWords("outcomes", outcomes, OutcomeWord, language, json);
  const std::vector<std::string_view> acts = {ActName(Act::kSender), ActName(Act::kRecipient),
                                              ActName(Act::kReceiver), ActName(Act::kNetwork),
                                              ActName(Act::kLocal)};
  WriteWords("acts", acts, ActWord, language, json);
  const std::vector<std::string_view> retries = {RetryName(Retry::kYes), RetryName(Retry::kLater),
                                                 RetryName(Retry::kNo)};
  WriteWords("retries", retries, RetryWord, language, json);
}

}  // namespace

std::string SendersJson(const Snapshot& snapshot, std::size_t top) {
  const auto sums = SummedRows(snapshot, &JoinedRows::senders);
  std::vector<const LabelRow*> rows;
  rows.reserve(sums.size());
  std::unordered_map<const LabelRow*, std::string_view> names;
  for (const auto& [name, row] : sums) {
    rows.push_back(&row);
    names[&row] = name;
  }
  const auto by_failures = [](const LabelRow* row) { return FailuresOf(*row); };
  std::ranges::stable_sort(rows, std::greater{}, by_failures);
  rows.resize(std::min(rows.size(), top));
  JsonText json;
  json.Open('[');
  for (const LabelRow* row : rows) {
    json.Open('{');
    json.Field("sender_domain", names[row]);
    for (std::size_t i = 0; i < kAttemptOutcomeCount; ++i) {
      json.Field(OutcomeName(kDeliveryOutcomes[i]), row->deliveries[i]);
    }
    WriteCauses(*row, snapshot, json);
    json.Close('}');
  }
  json.Close(']');
  return json.Take() + '\n';
}

std::string RulesJson(const Snapshot& snapshot, const RuleSet& rules, std::size_t top) {
  std::unordered_map<std::string_view, const Rule*> loaded;
  for (const Rule& rule : rules.rules()) loaded[rule.id] = &rule;
  std::vector<std::pair<std::uint64_t, std::string_view>> hits;
  hits.reserve(snapshot.rule_hits.size());
  for (std::size_t i = 1; i < snapshot.rule_hits.size() && i < snapshot.rules.size(); ++i) {
    if (snapshot.rule_hits[i] != 0) hits.emplace_back(snapshot.rule_hits[i], snapshot.rules[i]);
  }
  std::ranges::sort(hits, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  hits.resize(std::min(hits.size(), top));
  JsonText json;
  json.Open('[');
  for (const auto& [count, name] : hits) {
    json.Open('{');
    json.Field("rule", name);
    json.Field("hits", count);
    if (const auto found = loaded.find(name); found != loaded.end()) {
      json.Field("cause", rules.cause_name(found->second->cause));
      json.Flag("operator", found->second->rank == Rank::kOperator);
    }
    json.Close('}');
  }
  json.Close(']');
  return json.Take() + '\n';
}

std::string CausesJson(const RuleSet& rules, Language language) {
  JsonText json;
  json.Open('{');
  json.Key("causes");
  json.Open('[');
  for (std::size_t i = 0; i < rules.cause_count(); ++i) {
    WriteCause(rules, static_cast<CauseId>(i), language, json);
  }
  json.Close(']');
  WriteVocabulary(rules, language, json);
  json.Close('}');
  return json.Take() + '\n';
}

}  // namespace bouncesight
