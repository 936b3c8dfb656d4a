// Lines of any source, one after the other: each is an event of clean text or a skip.
#include "parsers/mta/format_reader.h"
#include "parsers/wrap/line_splitter.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::DeliveryEvent;
using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bouncesight::FormatReader reader;
  bouncesight::LineSplitter splitter;
  const auto read = [&reader](const bouncesight::Line& line) {
    const bouncesight::Parsed parsed = reader.Parse(line.text);
    const DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed);
    if (event == nullptr) return;
    for (const std::string_view text :
         {event->time, event->host, event->instance, event->queue_id, event->recipient,
          event->recipient_domain, event->relay_host, event->relay_ip, event->reply.text}) {
      Require(bouncesight::IsCleanText(text), "an event's text is clean");
    }
    Require(event->repeat > 0, "an event stands for one result at least");
  };
  splitter.Feed(bouncesight::fuzz::Text(data, size), read);
  splitter.Finish(read);
  return 0;
}
