// Bytes are refused as a change of a state, or lead to a state that survives another trip and that
// the same change could have told. The input is tried as the change of a new state, and of the
// state that its first byte's number of lines leads to.
#include "metrics/exposition.h"
#include "metrics/state_change.h"
#include "metrics/totals.h"
#include "tests/fuzz/fuzz.h"
#include "tests/metrics/strict_exposition.h"

using bouncesight::fuzz::Require;

namespace {

using namespace bouncesight;

StateRecord Counted(int lines) {
  Totals totals;
  Tally tally(BuiltinNames());
  for (int i = 0; i < lines; ++i) {
    DeliveryEvent event;
    event.outcome = Outcome::kDeferred;
    const std::string domain = "d" + std::to_string(i) + ".example.com";
    event.recipient_domain = domain;
    event.reply.code = 451;
    tally.CountEvent(tally.Source("mail"), event, {});
  }
  totals.Merge(tally);
  return {*totals.Publish(), {{"source:mail", "where it stood"}}, {{"messages:mail", {"all"}}}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const StateRecord before = Counted(data[0] % 16);
  const std::string change(fuzz::Text(data + 1, size - 1));
  const auto after =
      DecodeState(EncodeState(before.snapshot, before.blobs, ViewsOf(before.tables)), {change});
  if (!after) return 0;
  const std::string bytes = EncodeState(after->snapshot, after->blobs, ViewsOf(after->tables));
  const auto again = DecodeState(bytes);
  Require(again.has_value() && *again == *after, "a round trip changes nothing");

  StateRecord told = before;
  const std::string ours =
      EncodeChange({before.snapshot, before.blobs}, {after->snapshot, after->blobs}, {});
  Require(ApplyChange(ours, told).has_value(), "the change can be told");
  Require(told.snapshot == after->snapshot, "and is the same");

  Totals totals(after->snapshot, {});
  const std::string body = RenderLogMetrics(*totals.Publish(), ExpositionFormat::kOpenMetrics);
  Require(ReadOpenMetrics(body).error.empty(), "a restored state makes a well-formed scrape");
  return 0;
}
