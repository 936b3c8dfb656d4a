#include <string>

#include "parsers/text/charset.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static bouncesight::TextCleaner cleaner;
  static bouncesight::TextRoom texts;
  texts.Reset();
  const std::string_view text = bouncesight::fuzz::Text(data, size);
  const std::string once(cleaner.Clean(text, texts));
  Require(bouncesight::IsCleanText(once), "clean text comes out");
  texts.Reset();
  Require(cleaner.Clean(once, texts) == once, "cleaning twice is cleaning once");
  return 0;
}
