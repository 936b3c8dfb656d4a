#include "parsers/mta/exim_note.h"

#include "parsers/mta/exim_fields.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// "plain_login:alice@example.com"; the name of an authenticator alone is nobody's login.
std::string_view LoginOf(const EximFields& fields) {
  const std::size_t colon = fields.authenticated.find(':');
  if (colon != std::string_view::npos) return fields.authenticated.substr(colon + 1);
  // Handed in on this machine, by a program of that user.
  return fields.protocol == "local" ? fields.user : std::string_view();
}

void ReadReceived(std::string_view text, MessageNote& note) {
  note.kind = NoteKind::kArrival;
  MessageFacts& message = note.message;
  text = StripLeft(text);
  message.sender = Consume(text, "<>") ? "<>" : TakeEximAddress(text);
  const EximFields fields = TakeEximFields(text);
  message.client_host = fields.host.empty() ? fields.helo : fields.host;
  message.client_ip = fields.ip;
  message.account = LoginOf(fields);
  note.other_id = fields.reference;
  std::string_view size = fields.size;
  message.size = TakeNumber(size);
  text = StripLeft(text);
  if (Consume(text, "id=")) message.message_id = text.substr(0, FindOrEnd(text, ' '));
}

struct StateStart {
  std::string_view start;
  NoteKind kind;
};
constexpr StateStart kStateStarts[] = {
    {"Completed", NoteKind::kEnd},         {"cancelled by ", NoteKind::kEnd},
    {"removed by ", NoteKind::kEnd},       {"Frozen", NoteKind::kHeld},
    {"*** Frozen", NoteKind::kHeld},       {"frozen by ", NoteKind::kHeld},
    {"Unfrozen", NoteKind::kReleased},     {"unfrozen by ", NoteKind::kReleased},
    {"Message is frozen", NoteKind::kHeld}};

}  // namespace

const MessageNote* ReadEximNote(const Record& record, const EximHead& head, ParseContext& context) {
  if (head.id.empty() || head.text.empty()) return nullptr;
  std::string_view text = head.text;
  const bool arrival = Consume(text, "<=");
  const StateStart* state = nullptr;
  for (const StateStart& one : kStateStarts) {
    if (!arrival && text.starts_with(one.start)) state = &one;
  }
  if (!arrival && state == nullptr) return nullptr;
  MessageNote& note = context.NewNote(record, Mta::kExim, head.id);
  if (!head.time.empty()) note.time = head.time;
  if (arrival) {
    ReadReceived(text, note);
  } else {
    note.kind = state->kind;
    note.taken_away = note.kind == NoteKind::kEnd && state->start.ends_with(" by ");
  }
  return &note;
}

}  // namespace bouncesight
