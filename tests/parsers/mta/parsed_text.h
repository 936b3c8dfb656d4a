// All that a line gave, as one text: whatever two readers say differently shows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

namespace parsed_text_detail {

struct Writer {
  std::string text;

  void Add(std::string_view part) {
    text += part;
    text += '|';
  }
  void AddNumber(double number) { Add(std::to_string(number)); }
  void AddMessage(const MessageFacts& message) {
    for (const std::string_view part : {message.sender, message.account, message.client_ip,
                                        message.client_host, message.message_id}) {
      Add(part);
    }
    AddNumber(static_cast<double>(message.size));
  }
  void AddCode(EnhancedCode code) {
    EnhancedCodeText buffer;
    Add(FormatEnhancedCode(code, buffer));
  }
};

}  // namespace parsed_text_detail

inline std::string NoteText(const MessageNote& note) {
  parsed_text_detail::Writer out;
  for (const std::string_view part : {NoteKindName(note.kind), MtaName(note.mta), note.time,
                                      note.host, note.instance, note.queue_id, note.other_id}) {
    out.Add(part);
  }
  out.AddMessage(note.message);
  return out.text;
}

inline std::string ParsedText(const Parsed& parsed) {
  if (const Skip* const skip = std::get_if<Skip>(&parsed)) {
    const std::string note = skip->note == nullptr ? "" : " " + NoteText(*skip->note);
    return "skip: " + std::string(SkipReasonName(skip->reason)) + note;
  }
  DeliveryEvent event = std::get<DeliveryEvent>(parsed);
  parsed_text_detail::Writer out;
  out.Add(OutcomeName(event.outcome));
  out.Add(MtaName(event.mta));
  out.Add(event.truncated ? "cut" : "whole");
  for (const std::string_view* part : TextsOf(event)) out.Add(*part);
  out.Add(event.recipient_domain);
  out.AddMessage(event.message);
  out.Add(PhaseName(event.reply.phase));
  out.AddCode(event.reply.enhanced);
  out.AddCode(event.dsn);
  for (const int number : {static_cast<int>(event.reply.origin), static_cast<int>(event.reply.code),
                           static_cast<int>(event.error_number), static_cast<int>(event.relay_port),
                           static_cast<int>(event.repeat)}) {
    out.AddNumber(number);
  }
  out.AddNumber(event.delay_seconds);
  for (const double seconds : event.step_seconds) out.AddNumber(seconds);
  return out.text;
}

}  // namespace bouncesight
