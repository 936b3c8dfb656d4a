// What the catalogue costs: to load, and for each reply, with every tenth rule and with all of
// them. Both judge the same replies, the catalogue's own examples.
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "parsers/reason/reason.h"
#include "rules/classifier.h"

namespace bouncesight {
namespace {

std::shared_ptr<const RuleSet> AllRules() {
  static const std::shared_ptr<const RuleSet> rules = RuleSet::Load(EmbeddedSources()).value();
  return rules;
}

// Every tenth rule, of all files alike; providers, lists and advice are all there. A file of which
// no rule is left is left out.
std::shared_ptr<const RuleSet> HundredRules() {
  static const std::shared_ptr<const RuleSet> rules = [] {
    constexpr std::string_view kStart = "\n  - id:";
    const RuleSources all = EmbeddedSources();
    RuleSources some;
    std::list<std::string> texts;
    std::size_t count = 0;
    for (const RuleText& file : all.catalog) {
      if (!file.name.starts_with("catalog/")) {
        some.catalog.push_back(file);
        continue;
      }
      std::size_t at = file.text.find(kStart);
      std::string& kept = texts.emplace_back(file.text.substr(0, at));
      const std::size_t head = kept.size();
      while (at != std::string_view::npos) {
        const std::size_t next = file.text.find(kStart, at + 1);
        if (count++ % 10 == 0) kept += file.text.substr(at, next - at);
        at = next;
      }
      kept += '\n';
      if (kept.size() > head + 1) some.catalog.push_back({file.name, kept});
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
BENCHMARK_CAPTURE(ClassifyAReply, with_every_tenth_rule, HundredRules());
BENCHMARK_CAPTURE(ClassifyAReply, with_the_whole_catalogue, AllRules());

}  // namespace
}  // namespace bouncesight
