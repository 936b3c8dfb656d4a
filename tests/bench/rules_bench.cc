// What the catalogue costs: to load, and for each reply, with some hundred rules and with all of
// them. Both judge the same replies, the catalogue's own examples.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "parsers/reason.h"
#include "rules/classifier.h"

namespace bouncesight {
namespace {

std::shared_ptr<const RuleSet> AllRules() {
  static const std::shared_ptr<const RuleSet> rules = RuleSet::Load(EmbeddedSources()).value();
  return rules;
}

// The catalogue's first files, until there are a hundred rules; providers, lists and advice are all
// there.
std::shared_ptr<const RuleSet> HundredRules() {
  static const std::shared_ptr<const RuleSet> rules = [] {
    const RuleSources all = EmbeddedSources();
    RuleSources some;
    std::size_t count = 0;
    for (const RuleText& file : all.catalog) {
      const bool rule_file = file.name.starts_with("catalog/");
      if (rule_file && count >= 100) continue;
      some.catalog.push_back(file);
      for (std::size_t at = 0;
           rule_file && (at = file.text.find("- id:", at)) != std::string_view::npos; ++at)
        ++count;
    }
    return RuleSet::Load(some).value();
  }();
  return rules;
}

std::vector<std::string> Examples() {
  std::vector<std::string> examples;
  for (const Rule& rule : AllRules()->rules()) {
    for (const auto& example : rule.examples) examples.emplace_back(example);
  }
  return examples;
}

void LoadTheCatalogue(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(RuleSet::Load(EmbeddedSources()));
}
BENCHMARK(LoadTheCatalogue)->Unit(benchmark::kMillisecond);

void ClassifyAReply(benchmark::State& state, const std::shared_ptr<const RuleSet>& rules) {
  const std::vector<std::string> examples = Examples();
  Classifier classifier(rules);
  std::size_t next = 0;
  for (auto _ : state) {
    const Reason reason = ParseReason(examples[next]);
    benchmark::DoNotOptimize(classifier.Classify({reason.reply, "", "", ""}));
    next = next + 1 == examples.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["rules"] = static_cast<double>(rules->rule_count());
}
BENCHMARK_CAPTURE(ClassifyAReply, with_some_hundred_rules, HundredRules());
BENCHMARK_CAPTURE(ClassifyAReply, with_the_whole_catalogue, AllRules());

}  // namespace
}  // namespace bouncesight
