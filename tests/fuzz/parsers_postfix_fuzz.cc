#include <cmath>

#include "parsers/mta/postfix.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::DeliveryEvent;
using bouncesight::fuzz::Inside;
using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static bouncesight::ParseContext context;
  const std::string_view line = bouncesight::fuzz::Text(data, size);
  for (const std::string_view program : {"postfix/smtp", ""}) {
    bouncesight::Record record;
    record.program = program;
    record.message = line;
    const bouncesight::Parsed parsed = bouncesight::ParsePostfix(record, context);
    const DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed);
    if (event == nullptr) continue;
    for (const std::string_view view : {event->queue_id, event->recipient, event->recipient_domain,
                                        event->relay_host, event->relay_ip, event->reply.text}) {
      Require(Inside(view, line), "views into the line");
    }
    Require(std::isfinite(event->delay_seconds), "a finite delay");
    Require(event->reply.code <= 999, "a code of three digits");
  }
  return 0;
}
