// Whatever bytes the names hold, both formats are well formed.
#include <string>

#include "metrics/exposition.h"
#include "metrics/totals.h"
#include "tests/fuzz/fuzz.h"
#include "tests/metrics/strict_exposition.h"

namespace {

using namespace bouncesight;

// The input cut at its 0xFE bytes, over and over; numbered, for names that are unique must stay so.
class Names {
 public:
  explicit Names(std::string_view input) : input_(input) {}
  std::string Next() {
    const std::size_t end = std::min(rest_.find('\xfe'), rest_.size());
    std::string name = std::to_string(++number_) + "x" + std::string(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (rest_.empty()) rest_ = input_;
    return name;
  }

 private:
  std::string_view input_, rest_ = input_;
  int number_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Names names(fuzz::Text(data, size));
  Snapshot snapshot;
  for (int i = 0; i < 3; ++i) {
    snapshot.causes.push_back(names.Next());
    snapshot.providers.push_back(names.Next());
    snapshot.domains.push_back({names.Next(), 0});
    snapshot.sources.emplace_back().name = names.Next();
    snapshot.instances.push_back({{}, static_cast<std::uint16_t>(i), Mta::kExim, names.Next(), {}});
    snapshot.instances.back().rejections.Grown(i)[0] = size;
    snapshot.instances.back().providers.Grown(i)[0] = size;
    snapshot.lists.push_back({{{size, 0, 0}, size}, 0, i == 0, names.Next(), names.Next()});
    snapshot.rules.push_back(names.Next());
    snapshot.rule_hits.Grown(i) = size;
    snapshot.domain_deliveries.push_back({{static_cast<std::uint32_t>(i), 0, 0}, size});
    SeriesKey key;
    key.domain = key.provider = key.cause = static_cast<std::uint16_t>(i);
    key.code = size == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(data[0] * 257);
    snapshot.domain_series.push_back({key, size});
  }
  Live live;
  live.version = names.Next();
  live.revision = names.Next();
  live.compiler = names.Next();
  live.rules_hash = names.Next();
  LiveSource& source = live.sources.emplace_back();
  source.name = names.Next();
  source.lag_bytes = source.rotations = source.kernel_drops = source.open_connections = 1;
  source.datagrams = {{names.Next(), 7}};
  source.connections = {{names.Next(), 8}};
  source.formats = {names.Next()};
  const auto body = [&](ExpositionFormat format) { return RenderMetrics(snapshot, live, format); };
  fuzz::Require(ReadText(body(ExpositionFormat::kText)).error.empty(), "strict text");
  fuzz::Require(ReadOpenMetrics(body(ExpositionFormat::kOpenMetrics)).error.empty(),
                "strict OpenMetrics");
  return 0;
}
