#include "parsers/wrap/json_envelope.h"
#include "tests/fuzz/fuzz.h"

// That it neither crashes nor reads out of bounds is the promise; the sanitizers hold it to it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static bouncesight::JsonEnvelope json;
  static bouncesight::TextRoom texts;
  texts.Reset();
  bouncesight::Envelope envelope;
  std::size_t sum = 0;
  if (json.Open(bouncesight::fuzz::Text(data, size), texts, envelope)) {
    const bouncesight::Record& record = envelope.record;
    for (const std::string_view view : {record.time, record.host, record.program, record.message}) {
      for (const char c : view) sum += static_cast<unsigned char>(c);
    }
  }
  volatile std::size_t read = sum;  // keeps the reads above
  static_cast<void>(read);
  return 0;
}
