// Bytes are refused, or are a state that survives another trip and can be gone on from.
#include "metrics/exposition.h"
#include "metrics/state_codec.h"
#include "metrics/totals.h"
#include "tests/fuzz/fuzz.h"
#include "tests/metrics/strict_exposition.h"

using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bouncesight;
  const Result<StateRecord> record = DecodeState(fuzz::Text(data, size));
  if (!record) return 0;
  const std::string bytes = EncodeState(record->snapshot, record->blobs, ViewsOf(record->tables));
  const Result<StateRecord> again = DecodeState(bytes);
  Require(again.has_value() && *again == *record, "a round trip changes nothing");
  Require(EncodeState(again->snapshot, again->blobs, ViewsOf(again->tables)) == bytes,
          "one state, one record");

  Totals totals(record->snapshot, {});
  totals.Merge(Tally(BuiltinNames()));
  const auto snapshot = totals.Publish();
  const std::string body = RenderLogMetrics(*snapshot, ExpositionFormat::kOpenMetrics);
  Require(ReadOpenMetrics(body).error.empty(), "a restored state makes a well-formed scrape");
  return 0;
}
