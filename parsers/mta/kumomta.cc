#include "parsers/mta/kumomta.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"
#include "parsers/wrap/json_reader.h"

namespace bouncesight {
namespace {

struct Type {
  std::string_view name;
  std::optional<Outcome> outcome;
};

constexpr Type kTypes[] = {
    {"Delivery", Outcome::kDelivered},
    {"TransientFailure", Outcome::kDeferred},
    {"Bounce", Outcome::kBounced},
    {"AdminBounce", Outcome::kBounced},
    {"Expiration", Outcome::kExpired},
    {"Rejection", Outcome::kRejected},
    {"Reception", std::nullopt},
    {"OOB", std::nullopt},
    {"Feedback", std::nullopt},
    {"AdminRebind", std::nullopt},
    {"DeferredInjectionRebind", std::nullopt},
    {"Delayed", std::nullopt},
    {"XferOut", std::nullopt},
    {"XferIn", std::nullopt},
};

const Type* FindType(std::string_view name) {
  for (const Type& type : kTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

Phase PhaseOf(std::string_view command) {
  static constexpr PhaseWords kCommands[] = {
      {"RCPT TO", Phase::kRcpt},   {"MAIL FROM", Phase::kMail}, {"DATA", Phase::kData},
      {"EHLO", Phase::kEhlo},      {"HELO", Phase::kEhlo},      {"LHLO", Phase::kEhlo},
      {"STARTTLS", Phase::kTls},   {"AUTH", Phase::kAuth},      {".", Phase::kEndOfData},
      {"BDAT", Phase::kEndOfData}, {"QUIT", Phase::kQuit},
  };
  for (const PhaseWords& row : kCommands) {
    if (StartsWithNoCase(command, row.words)) return row.phase;
  }
  return Phase::kUnknown;
}

EnhancedCode ReadEnhanced(const JsonReader& json) {
  const std::int64_t status_class = json.Number("/response/enhanced_code/class", 0);
  const std::int64_t subject = json.Number("/response/enhanced_code/subject", -1);
  const std::int64_t detail = json.Number("/response/enhanced_code/detail", -1);
  const bool valid = (status_class == 2 || status_class == 4 || status_class == 5) &&
                     subject >= 0 && subject < 1000 && detail >= 0 && detail < 1000;
  if (!valid) return {};
  return {static_cast<std::uint8_t>(status_class), static_cast<std::uint16_t>(subject),
          static_cast<std::uint16_t>(detail)};
}

// "550 5.1.1 TEXT": as the peer wrote it, which KumoMTA takes apart.
std::string_view Compose(const Reply& reply, std::string_view content, ParseContext& context) {
  constexpr std::size_t kCodes = 24;
  char* const start = context.Room(content.size() + kCodes);
  if (start == nullptr || reply.code == 0) return content;
  char* at = std::to_chars(start, start + kCodes, reply.code).ptr;
  EnhancedCodeText buffer;
  for (const std::string_view part : {FormatEnhancedCode(reply.enhanced, buffer), content}) {
    if (part.empty()) continue;
    *at++ = ' ';
    at = std::copy(part.begin(), part.end(), at);
  }
  return context.Commit(static_cast<std::size_t>(at - start));
}

Reply ReadReply(const JsonReader& json, bool has_peer, ParseContext& context) {
  const std::string_view content = json.Text("/response/content");
  const std::int64_t code = json.Number("/response/code", 0);
  Reply reply;
  if (code >= 100 && code <= 999) reply.code = static_cast<std::uint16_t>(code);
  reply.enhanced = ReadEnhanced(json);
  reply.text = Compose(reply, content, context);
  if (!reply.enhanced.present()) reply.enhanced = ParseReply(reply.text).enhanced;
  reply.phase = PhaseOf(json.Text("/response/command"));
  const bool own = !has_peer || content.starts_with("KumoMTA internal");
  reply.origin = own ? Origin::kLocal : Origin::kRemote;
  return reply;
}

void ReadPeer(const JsonReader& json, DeliveryEvent& event) {
  std::string_view name = json.Text("/peer_address/name");
  ConsumeEnd(name, ".");
  event.relay_host = name;
  event.relay_ip = json.Text("/peer_address/addr");
}

// What a record of any type says of the message. A notice has no sender.
void ReadFacts(const JsonReader& json, MessageFacts& message) {
  const std::string_view sender = json.Text("/sender");
  message.sender = sender.empty() ? "<>" : sender;
  const std::int64_t size = json.Number("/size", 0);
  message.size = size > 0 ? static_cast<std::uint64_t>(size) : 0;
  message.account = json.Text("/meta/authn_id");
}

const MessageNote* ReadReception(const JsonReader& json, const Record& record,
                                 ParseContext& context) {
  const std::string_view id = json.Text("/id");
  if (id.empty()) return nullptr;
  MessageNote& note = context.NewNote(record, Mta::kKumomta, id);
  note.kind = NoteKind::kArrival;
  if (const std::string_view time = json.Text("/event_time"); !time.empty()) note.time = time;
  ReadFacts(json, note.message);
  note.message.client_host = json.Text("/peer_address/name");
  note.message.client_ip = json.Text("/peer_address/addr");
  return &note;
}

}  // namespace

Parsed ParseKumomta(const Record& record, ParseContext& context) {
  const std::string_view text = record.json;
  if (text.find("\"type\"") == std::string_view::npos) return Skip{SkipReason::kForeign};
  JsonReader& json = context.json();
  if (!json.Open(text)) return Skip{SkipReason::kForeign};
  const Type* type = FindType(json.Text("/type"));
  if (type == nullptr || json.Number("/timestamp", -1) < 0) return Skip{SkipReason::kForeign};
  if (type->name == "Reception") {
    return Skip{SkipReason::kNotDelivery, ReadReception(json, record, context)};
  }
  if (!type->outcome) return Skip{SkipReason::kNotDelivery};
  DeliveryEvent event;
  event.mta = Mta::kKumomta;
  event.outcome = *type->outcome;
  event.host = record.host;
  event.instance = record.program;
  event.time = json.Text("/event_time");
  if (event.time.empty()) event.time = record.time;
  event.queue_id = json.Text("/id");
  event.recipient = json.Text("/recipient");
  if (event.recipient.empty()) event.recipient = json.Text("/recipient/0");
  event.recipient_domain = DomainOf(event.recipient);
  ReadFacts(json, event.message);
  ReadPeer(json, event);
  event.reply = ReadReply(json, !event.relay_ip.empty(), context);
  if (event.outcome == Outcome::kRejected) event.reply.origin = Origin::kLocal;
  const std::int64_t created = json.Number("/created", -1);
  const std::int64_t now = json.Number("/timestamp", -1);
  if (created >= 0 && now >= created) event.delay_seconds = static_cast<double>(now - created);
  return event;
}

}  // namespace bouncesight
