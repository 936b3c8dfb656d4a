#include <string>

#include "parsers/charset.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static bouncesight::TextCleaner cleaner;
  static bouncesight::Scratch scratch;
  scratch.Reset();
  const std::string_view text = bouncesight::fuzz::Text(data, size);
  const std::string once(cleaner.Clean(text, scratch));
  Require(bouncesight::IsCleanText(once), "clean text comes out");
  scratch.Reset();
  Require(cleaner.Clean(once, scratch) == once, "cleaning twice is cleaning once");
  return 0;
}
