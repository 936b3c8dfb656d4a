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
    if (!std::holds_alternative<DeliveryEvent>(parsed)) return;
    DeliveryEvent event = std::get<DeliveryEvent>(parsed);
    for (const std::string_view* text : bouncesight::TextsOf(event)) {
      Require(bouncesight::IsCleanText(*text), "an event's text is clean");
    }
    Require(bouncesight::IsCleanText(event.recipient_domain), "so is its domain");
    Require(event.repeat > 0, "an event stands for one result at least");
  };
  splitter.Feed(bouncesight::fuzz::Text(data, size), read);
  splitter.Finish(read);
  return 0;
}
