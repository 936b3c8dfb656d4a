// A parse result as one line of text, so that a table of samples reads as "line, what comes out".
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

struct Sample {
  std::string_view name;
  std::string_view line;
  std::string_view expected;  // as EventText prints it
};

inline void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

// For INSTANTIATE_TEST_SUITE_P.
inline std::string SampleName(const testing::TestParamInfo<Sample>& info) {
  return std::string(info.param.name);
}

// "bounced to=a@example.com relay=mx.example.com[192.0.2.1]:25 code=550 5.1.1 phase=rcpt
// reply=550 5.1.1 no such user"; what is unknown is left out. A skip is "skip: not_delivery".
inline std::string EventText(const Parsed& parsed) {
  if (const Skip* skip = std::get_if<Skip>(&parsed)) {
    return "skip: " + std::string(SkipReasonName(skip->reason));
  }
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  std::string text(OutcomeName(event.outcome));
  if (!event.recipient.empty()) text.append(" to=").append(event.recipient);
  if (!event.relay_host.empty() || !event.relay_ip.empty()) {
    text.append(" relay=").append(event.relay_host);
    if (!event.relay_ip.empty()) text.append("[").append(event.relay_ip).append("]");
    if (event.relay_port != 0) text.append(":").append(std::to_string(event.relay_port));
  }
  if (event.reply.code != 0) text.append(" code=").append(std::to_string(event.reply.code));
  EnhancedCodeText buffer;
  if (event.reply.enhanced.present()) {
    text.append(" ").append(FormatEnhancedCode(event.reply.enhanced, buffer));
  }
  if (event.reply.phase != Phase::kUnknown) {
    text.append(" phase=").append(PhaseName(event.reply.phase));
  }
  if (event.reply.origin == Origin::kRemote) text.append(" remote");
  if (event.truncated) text.append(" truncated");
  if (!event.reply.text.empty()) text.append(" reply=").append(event.reply.text);
  return text;
}

// What `parse` makes of a line without a header.
template <typename Parse>
std::string ParseBare(Parse parse, std::string_view line) {
  ParseContext context;
  Record record;
  record.message = line;
  return EventText(parse(record, context));
}

}  // namespace bouncesight
