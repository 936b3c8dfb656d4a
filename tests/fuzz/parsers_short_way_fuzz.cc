// Lines of any source, read by the reader's short way and by its long one: both say the same.
#include "parsers/mta/format_reader.h"
#include "parsers/wrap/line_splitter.h"
#include "tests/fuzz/fuzz.h"
#include "tests/parsers/mta/parsed_text.h"

using bouncesight::FormatReader;
using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FormatReader short_way;
  FormatReader long_way({}, FormatReader::Way::kLong);
  bouncesight::LineSplitter splitter;
  const auto read = [&](const bouncesight::Line& line) {
    const std::string told = bouncesight::ParsedText(short_way.Parse(line.text));
    Require(told == bouncesight::ParsedText(long_way.Parse(line.text)), "both ways say the same");
    Require(short_way.last_fit() == long_way.last_fit(), "and find the same format");
  };
  splitter.Feed(bouncesight::fuzz::Text(data, size), read);
  splitter.Finish(read);
  return 0;
}
