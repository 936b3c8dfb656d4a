#include <string>

#include "parsers/reason/failure_report.h"
#include "parsers/reason/reason.h"
#include "parsers/text/utf8.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Inside;
using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = bouncesight::fuzz::Text(data, size);
  for (const bouncesight::ReportedFailure& one : bouncesight::ReadFailures(bytes)) {
    for (const std::string* text : {&one.words, &one.recipient, &one.remote_host, &one.remote_ip}) {
      Require(bouncesight::ToUtf8(*text) == *text, "valid UTF-8");
      Require(text->find('\n') == std::string::npos, "one line");
    }
    const bouncesight::Reason reason = bouncesight::ParseReason(one.words);
    for (const std::string_view view :
         {reason.reply.text, reason.recipient, reason.remote_host, reason.remote_ip}) {
      Require(Inside(view, one.words), "views into the words");
    }
  }
  return 0;
}
