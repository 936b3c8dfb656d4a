// The differential test: whatever a line is wrapped in, the event is the same.
#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/wrappers.h"

namespace bouncesight {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kEvents = 10'000;  // each costs several times as much there
#else
constexpr int kEvents = 100'000;
#endif

// All that a wrapper must not change: not the time stamp's form, nor the host.
std::string Told(const Parsed& parsed) {
  if (const Skip* skip = std::get_if<Skip>(&parsed)) {
    return std::string(SkipReasonName(skip->reason));
  }
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  EnhancedCodeText enhanced;
  std::string told;
  for (const std::string_view text :
       {OutcomeName(event.outcome), MtaName(event.mta), PhaseName(event.reply.phase),
        FormatEnhancedCode(event.reply.enhanced, enhanced), event.instance, event.queue_id,
        event.recipient, event.recipient_domain, event.relay_host, event.relay_ip,
        event.reply.text}) {
    told.append(text).push_back('|');
  }
  told += std::to_string(event.reply.code) + '|' + std::to_string(event.relay_port) + '|' +
          std::to_string(event.repeat) + (event.truncated ? "cut" : "");
  return told;
}

TEST(Wrappers, ChangeNothingAboutTheEvent) {
  LineGenerator lines(20261121);
  FormatReader bare;
  std::vector<FormatReader> readers(AllWrappers().size());
  for (int i = 0; i < kEvents && !testing::Test::HasFailure(); ++i) {
    const GeneratedLine line = lines.Next();
    const std::string plain = "Nov 21 16:49:30 mx1 " + line.program + "[4711]: " + line.message;
    const std::string expected = Told(bare.Parse(plain));
    ASSERT_NE(expected.find('|'), std::string::npos) << expected << ": " << plain;
    for (std::size_t w = 0; w < readers.size(); ++w) {
      const std::vector<std::string> wrapped = AllWrappers()[w].wrap(line);
      for (std::size_t piece = 0; piece + 1 < wrapped.size(); ++piece) {
        ASSERT_EQ(Told(readers[w].Parse(wrapped[piece])), "partial") << wrapped[piece];
      }
      ASSERT_EQ(Told(readers[w].Parse(wrapped.back())), expected)
          << AllWrappers()[w].name << ": " << wrapped.back();
    }
  }
}

}  // namespace
}  // namespace bouncesight
