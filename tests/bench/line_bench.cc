// What the steps of a line cost, one by one and together. scripts/bench runs this in the release
// build; its log is made by scripts/generate-log.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <benchmark/benchmark.h>

#include "metrics/pump.h"

namespace bouncesight {
namespace {

const std::string& Log() {
  static const std::string text = [] {
    std::ifstream in(std::getenv("BENCH_LOG"), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  return text;
}

std::vector<std::string_view> Lines() {
  std::vector<std::string_view> lines;
  LineSplitter splitter;
  splitter.Feed(Log(), [&](const Line& line) { lines.push_back(line.text); });
  return lines;
}

std::shared_ptr<const RuleSet> Rules() {
  static const std::shared_ptr<const RuleSet> rules = RuleSet::Load(EmbeddedSources()).value();
  return rules;
}

void Split(benchmark::State& state) {
  std::size_t lines = 0;
  for (auto _ : state) {
    LineSplitter splitter;
    splitter.Feed(Log(), [&](const Line&) { ++lines; });
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(lines));
}
BENCHMARK(Split);

void SplitAndParse(benchmark::State& state) {
  std::size_t lines = 0;
  std::size_t events = 0;
  FormatReader reader;
  for (auto _ : state) {
    LineSplitter splitter;
    splitter.Feed(Log(), [&](const Line& line) {
      ++lines;
      events += reader.Parse(line.text).index() == 0 ? 1 : 0;
    });
  }
  benchmark::DoNotOptimize(events);
  state.SetItemsProcessed(static_cast<std::int64_t>(lines));
}
BENCHMARK(SplitAndParse);

// Failure lines only: parsing is part of it, for an event's views live until the next line.
void ParseAndClassifyAFailure(benchmark::State& state) {
  FormatReader reader;
  std::vector<std::string_view> failures;
  for (const std::string_view line : Lines()) {
    const Parsed parsed = reader.Parse(line);
    const auto* event = std::get_if<DeliveryEvent>(&parsed);
    if (event != nullptr && event->outcome != Outcome::kDelivered) failures.push_back(line);
  }
  Classifier classifier(Rules());
  std::size_t next = 0;
  for (auto _ : state) {
    const Parsed parsed = reader.Parse(failures[next]);
    benchmark::DoNotOptimize(classifier.Classify(EvidenceOf(std::get<DeliveryEvent>(parsed))));
    next = next + 1 == failures.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ParseAndClassifyAFailure);

void TheWholeWay(benchmark::State& state) {
  Classifier classifier(Rules());
  MessageJoin join;
  Tally tally(NamesOf(*Rules()));
  std::uint64_t lines = 0;
  for (auto _ : state) {
    Pump pump("bench");
    pump.Feed(Log(), CountingContext{classifier, join, tally});
    lines += pump.lines();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(lines));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(Log().size()));
}
BENCHMARK(TheWholeWay);

// The same, but nobody asks who sent a message.
void WithoutTheJoin(benchmark::State& state) {
  Classifier classifier(Rules());
  Tally tally(NamesOf(*Rules()));
  std::uint64_t lines = 0;
  for (auto _ : state) {
    FormatReader reader;
    LineSplitter splitter;
    const SourceId id = tally.Source("bench");
    splitter.Feed(Log(), [&](const Line& line) {
      ++lines;
      Parsed parsed = reader.Parse(line.text);
      auto* const event = std::get_if<DeliveryEvent>(&parsed);
      if (event == nullptr) return tally.CountSkip(id, std::get<Skip>(parsed).reason);
      const Evidence evidence = EvidenceOf(*event);
      const bool delivered = event->outcome == Outcome::kDelivered;
      const Verdict verdict =
          delivered ? classifier.Delivered(evidence) : classifier.Classify(evidence);
      tally.CountEvent(id, *event, verdict);
    });
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(lines));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(Log().size()));
}
BENCHMARK(WithoutTheJoin);

}  // namespace
}  // namespace bouncesight

BENCHMARK_MAIN();
