#include "parsers/mta/postfix_note.h"

#include <algorithm>
#include <cstdint>

#include "parsers/mta/postfix_delivery.h"
#include "parsers/text/ascii.h"
#include "parsers/text/endpoint.h"
#include "parsers/text/literal.h"
#include "parsers/text/scan.h"
#include "parsers/text/word8.h"

namespace bouncesight {
namespace {

// "mail.example.com[192.0.2.9]:4711"; "unknown" stands for what smtpd could not find out.
void ReadClient(std::string_view text, MessageFacts& message) {
  Endpoint client;
  if (!TakeEndpoint(text, client)) return;
  message.client_host = Is(client.host, "unknown") ? std::string_view() : client.host;
  message.client_ip = Is(client.ip, "unknown") ? std::string_view() : client.ip;
}

// A login name may hold commas; the next field's name ends it.
std::string_view TakeLogin(std::string_view text) {
  return text.substr(0, text.find(", sasl_sender="));
}

void ReadArrival(std::string_view text, MessageNote& note) {
  note.kind = NoteKind::kArrival;
  // Most came without a login or a filter.
  if (FindOrEnd(text, ',') == text.size()) return ReadClient(text, note.message);
  constexpr std::string_view kLogin = ", sasl_username=";
  const std::size_t login = text.find(kLogin);
  if (login != std::string_view::npos) {
    note.message.account = TakeLogin(text.substr(login + kLogin.size()));
    text = text.substr(0, login);
  }
  ReadClient(TakeBefore(text, ", "), note.message);
  while (!text.empty()) {
    std::string_view field = TakeBefore(text, ", ");
    if (Consume(field, "orig_queue_id=")) note.other_id = field;
    // A content filter gives the mail back and says by XFORWARD whose it was.
    if (Consume(field, "orig_client=")) ReadClient(field, note.message);
  }
}

void ReadPickup(std::string_view text, MessageNote& note) {
  note.kind = NoteKind::kArrival;
  text.remove_prefix(std::min(FindOrEnd(text, ' ') + 1, text.size()));
  note.message.sender = TakePostfixSender(text);
  note.requeued = Consume(text, " orig_id=");
  if (note.requeued) note.other_id = text;
}

bool ReadQueued(std::string_view text, MessageNote& note) {
  note.message.sender = TakePostfixSender(text);
  if (!Consume(text, ", size=")) return false;
  note.message.size = TakeNumber(text);
  return true;
}

// "sender non-delivery notification: ID", "postmaster delay notification: ID".
bool ReadNotice(std::string_view text, MessageNote& note) {
  std::string_view words;
  if (!TakeUntil(text, " notification: ", words) || words.size() > 40) return false;
  note.kind = NoteKind::kNotice;
  note.other_id = TrimEnd(text);
  return true;
}

bool ReadMessageId(std::string_view text, MessageNote& note) {
  if (Consume(text, "<")) ConsumeEnd(text, ">");
  note.message.message_id = text;
  return !text.empty();
}

struct StateWords {
  std::string_view text;
  NoteKind kind;
};
constexpr StateWords kStateWords[] = {
    {"removed", NoteKind::kEnd},
    {"requeued", NoteKind::kEnd},  // it goes on under another queue id
    {"placed on hold", NoteKind::kHeld},
    {"released from hold", NoteKind::kReleased},
};

bool ReadState(std::string_view text, MessageNote& note) {
  for (const StateWords& one : kStateWords) {
    if (TrimEnd(text) != one.text) continue;
    note.kind = one.kind;
    return true;
  }
  return false;
}

// By the first letters, for this is asked of every line that is not a delivery.
enum class Form : std::uint8_t {
  kNone,
  kClient,
  kPickup,
  kMessageId,
  kQueued,
  kNotice,
  kState,
  kHold
};

Form TakeForm(std::string_view& text) {
  switch (text.empty() ? '\0' : text.front()) {
    case 'c':
      return Consume(text, "client=") ? Form::kClient : Form::kNone;
    case 'u':
      return Consume(text, "uid=") ? Form::kPickup : Form::kNone;
    case 'm':
      return Consume(text, "message-id=") ? Form::kMessageId : Form::kNone;
    case 'f':
      return StartsWith(text, "from=") ? Form::kQueued : Form::kNone;
    case 's':
      return StartsWith(text, "sender ") ? Form::kNotice : Form::kNone;
    case 'p':
      return StartsWith(text, "postmaster ") ? Form::kNotice : Form::kState;
    case 'r':
      return Form::kState;
    case 'h':  // the action of an access table, of header or body checks, or of a milter
      return StartsWith(text, "hold: ") ? Form::kHold : Form::kNone;
    default:
      return Form::kNone;
  }
}

bool ReadForm(Form form, std::string_view text, MessageNote& note) {
  switch (form) {
    case Form::kClient:
      ReadArrival(text, note);
      return true;
    case Form::kPickup:
      ReadPickup(text, note);
      return true;
    case Form::kMessageId:
      return ReadMessageId(text, note);
    case Form::kQueued:
      return ReadQueued(text, note);
    case Form::kNotice:
      return ReadNotice(text, note);
    case Form::kState:
      return ReadState(text, note);
    case Form::kHold:
      note.kind = NoteKind::kHeld;
      return true;
    case Form::kNone:
      break;
  }
  return false;
}

// "warning" and "fatal" stand where an id would.
bool IsQueueId(std::string_view id) {
  return AllAlnum(id) && !std::all_of(id.begin(), id.end(), IsLower) && !Is(id, "NOQUEUE");
}

}  // namespace

std::string_view TakePostfixSender(std::string_view& text) {
  std::string_view sender;
  if (!Consume(text, "from=") || !TakePostfixAddress(text, sender)) return {};
  return sender.empty() ? "<>" : sender;
}

std::string_view PostfixInstance(std::string_view program) {
  const std::size_t slash = program.rfind('/');
  return slash == std::string_view::npos ? program : program.substr(0, slash);
}

const MessageNote* ReadPostfixNote(const Record& record, std::string_view id, std::string_view text,
                                   ParseContext& context) {
  const Form form = TakeForm(text);
  if (form == Form::kNone || !IsQueueId(id)) return nullptr;
  MessageNote& note = context.NewNote(record, Mta::kPostfix, id);
  note.instance = PostfixInstance(record.program);
  if (!ReadForm(form, text, note)) return nullptr;
  note.taken_away = note.kind == NoteKind::kEnd && record.program.ends_with("postsuper");
  return &note;
}

}  // namespace bouncesight
