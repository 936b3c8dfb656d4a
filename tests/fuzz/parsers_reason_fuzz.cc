#include "parsers/reason/reason.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Inside;
using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = bouncesight::fuzz::Text(data, size);
  const bouncesight::Reason reason = bouncesight::ParseReason(text);
  for (const std::string_view view :
       {reason.reply.text, reason.recipient, reason.remote_host, reason.remote_ip}) {
    Require(Inside(view, text), "views into the text");
  }
  bouncesight::EnhancedCodeText buffer;
  bouncesight::FormatEnhancedCode(reason.reply.enhanced, buffer);
  return 0;
}
