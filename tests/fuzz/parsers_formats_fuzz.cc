// Every row of the list of formats, on the same bytes: what comes out is safe to use. A new format
// is fuzzed by being in the list; one line of it belongs into corpus/parsers_formats.
#include <cmath>

#include "parsers/mta/format.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::DeliveryEvent;
using bouncesight::fuzz::Require;

namespace {

// Reads each byte, so that a sanitizer sees a view that has gone astray.
void Read(std::string_view text) {
  static volatile unsigned char sum = 0;
  for (const char c : text) sum = static_cast<unsigned char>(sum + static_cast<unsigned char>(c));
}

void Check(const DeliveryEvent& event) {
  for (const std::string_view text :
       {event.time, event.host, event.instance, event.queue_id, event.recipient,
        event.recipient_domain, event.relay_host, event.relay_ip, event.reply.text}) {
    Read(text);
  }
  Require(std::isfinite(event.delay_seconds), "a finite delay");
  Require(event.reply.code <= 999, "a code of three digits");
  Require(event.reply.enhanced.subject <= 999 && event.reply.enhanced.detail <= 999,
          "an enhanced code of three digits at most");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static bouncesight::ParseContext context;
  bouncesight::Record record;
  record.message = bouncesight::fuzz::Text(data, size);
  if (record.message.starts_with('{')) record.json = record.message;
  for (const std::string_view program : {"", "exim", "sm-mta", "smtpd", "qmail", "haraka"}) {
    record.program = program;
    for (const bouncesight::FormatRow& row : bouncesight::AllFormats()) {
      context.Reset();
      const bouncesight::Parsed parsed = row.parse(record, context);
      if (const DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed)) Check(*event);
    }
  }
  return 0;
}
