#include "parsers/mta/exim_fields.h"

#include <algorithm>

#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// The length of "KEY=" at the start of `text`: up to four capitals and digits ("M8S"). 0: no field.
std::size_t FieldNameLength(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && at < 5 && (IsUpper(text[at]) || (at > 0 && IsDigit(text[at])))) ++at;
  return at > 0 && at < 5 && at < text.size() && text[at] == '=' ? at + 1 : 0;
}

// The length of a field that is a mark alone: "K", "L*", "L.-", "PRDR", "TFO". 0: none.
std::size_t MarkLength(std::string_view text) {
  if (text.empty() || !IsUpper(text.front())) return 0;
  for (const std::string_view mark : {"K", "L", "PRDR", "TFO"}) {
    if (!text.starts_with(mark)) continue;
    std::size_t at = mark.size();
    const std::size_t most = at + 2;
    while (at < std::min(text.size(), most) && std::string_view("*-.?").find(text[at]) != kNotFound)
      ++at;
    if (at == text.size() || text[at] == ' ') return at;
  }
  return 0;
}

// Whether what stands here can follow an address. `text` starts with the byte after it.
bool EndsAddress(std::string_view text) {
  if (text.empty() || text == ":" || text.starts_with(": ") || text.starts_with(" : ")) return true;
  if (text[0] != ' ') return false;
  text.remove_prefix(1);
  return FieldNameLength(text) > 0 || text.starts_with("defer (") ||
         text.starts_with("routing defer") || text == ":";
}

bool IsPseudoAddress(std::string_view text) {
  return !text.empty() && (text[0] == '|' || text[0] == '/' || text[0] == ':' || text[0] == '>');
}

// "user@example.com (parent@example.com)", as +all_parents has it.
std::string_view DropParent(std::string_view address) {
  if (!address.ends_with(')')) return address;
  const std::size_t open = address.find(" (");
  return open == kNotFound ? address : address.substr(0, open);
}

// Where an address ends that has no original behind it.
std::size_t FindEnd(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((text[at] == ' ' || text[at] == ':') && EndsAddress(text.substr(at))) return at;
  }
  return text.size();
}

// Where " <ORIGINAL>" starts, with what it holds; kNotFound without one. A pipe command may hold
// anything, so there only a bracket with a field behind it counts.
std::size_t FindOriginal(std::string_view text, std::string_view& original) {
  const std::size_t limit = IsPseudoAddress(text) ? text.size() : FindEnd(text);
  const std::string_view head = text.substr(0, limit);
  for (std::size_t at = head.find(" <"); at < limit; at = head.find(" <", at)) {
    const std::size_t close = ClosingAngle(text.substr(at + 1));
    if (close == kNotFound) return kNotFound;
    const std::size_t behind = at + close + 2;
    if (EndsAddress(text.substr(behind))) {
      original = text.substr(at + 2, close - 1);
      return at;
    }
    at = behind;
  }
  return kNotFound;
}

std::string_view Choose(std::string_view address, std::string_view original) {
  if (address.find('@') != kNotFound && !IsPseudoAddress(address)) return address;
  if (!original.empty()) return original;
  return IsPseudoAddress(address) ? std::string_view() : address;
}

// Takes the token at the start of `text`: up to a blank, or up to a colon that ends the fields.
std::string_view TakeToken(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] != ' ') ++end;
  const bool last = end > 0 && text[end - 1] == ':';
  const std::string_view token = text.substr(0, last ? end - 1 : end);
  text.remove_prefix(token.size());
  return token;
}

// The value of a field: "<…>", "\"…\"" or a token.
std::string_view TakeValue(std::string_view& text) {
  std::size_t close = kNotFound;
  if (text.starts_with('<')) close = ClosingAngle(text);
  if (text.starts_with('"')) close = ClosingQuote(text);
  if (close == kNotFound) return TakeToken(text);
  const std::string_view value = text.substr(1, close - 1);
  text.remove_prefix(close + 1);
  return value;
}

// "[IP]", then ":PORT" and the '*' of a reused connection.
void TakeIp(std::string_view& text, EximFields& fields) {
  if (!text.starts_with('[')) return;
  const std::size_t close = text.find(']');
  if (close == kNotFound) return;
  fields.ip = text.substr(1, close - 1);
  text.remove_prefix(close + 1);
  if (text.size() > 1 && text[0] == ':' && IsDigit(text[1])) {
    text.remove_prefix(1);
    fields.port = static_cast<std::uint16_t>(TakeNumber(text, 65535));
  }
  Consume(text, "*");
}

// "NAME (HELO) [IP]:PORT*"; any of the three may be missing. HELO is the client's to choose.
void TakeHost(std::string_view& text, EximFields& fields) {
  if (!text.starts_with('(') && !text.starts_with('[')) {
    fields.host = TakeToken(text);
    if (text.starts_with(" (") || text.starts_with(" [")) text.remove_prefix(1);
  }
  if (text.starts_with('(')) {
    std::size_t close = text.find(") [");
    if (close == kNotFound) close = text.find(')');
    if (close == kNotFound) return;
    fields.helo = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (text.starts_with(" [")) text.remove_prefix(1);
  }
  TakeIp(text, fields);
}

void SetField(std::string_view key, std::string_view value, EximFields& fields) {
  if (key == "QT") fields.queue_seconds = ParseDuration(value);
  if (key == "DT") fields.deliver_seconds = ParseDuration(value);
  if (key.size() != 1) return;
  switch (key.front()) {
    case 'T':
      fields.transport = value;
      break;
    case 'C':
      fields.confirmation = value;
      break;
    case 'F':
      fields.sender = value.empty() ? "<>" : value;
      break;
    case 'A':
      fields.authenticated = value;
      break;
    case 'U':
      fields.user = value;
      break;
    case 'P':
      fields.protocol = value;
      break;
    case 'R':
      fields.reference = value;
      break;
    case 'S':
      fields.size = value;
      break;
    default:
      break;
  }
}

// Reads the value of the field `key` off `rest`; `text` receives what follows it.
void TakeField(std::string_view key, std::string_view rest, std::string_view& text,
               EximFields& fields) {
  if (key == "H") {
    TakeHost(rest, fields);
  } else {
    const std::string_view value = TakeValue(rest);
    SetField(key, value, fields);
  }
  text = rest;
}

}  // namespace

std::string_view TakeEximAddress(std::string_view& text) {
  std::string_view original;
  const std::size_t end = FindOriginal(text, original);
  if (end == kNotFound) {
    const std::string_view address = text.substr(0, FindEnd(text));
    text.remove_prefix(address.size());
    return Choose(DropParent(address), {});
  }
  const std::string_view address = DropParent(text.substr(0, end));
  const char* behind = original.data() + original.size() + 1;
  text.remove_prefix(static_cast<std::size_t>(behind - text.data()));
  return Choose(address, original);
}

EximFields TakeEximFields(std::string_view& text) {
  EximFields fields;
  for (;;) {
    std::string_view rest = StripLeft(text);
    const std::size_t length = FieldNameLength(rest);
    if (length > 0) {
      TakeField(rest.substr(0, length - 1), rest.substr(length), text, fields);
    } else if (const std::size_t mark = MarkLength(rest)) {
      text = rest.substr(mark);
    } else {
      if (!rest.starts_with(':')) text = rest;
      return fields;
    }
  }
}

std::size_t FindEximField(std::string_view text) {
  std::size_t blank = text.find(' ');
  while (blank != kNotFound && FieldNameLength(text.substr(blank + 1)) == 0)
    blank = text.find(' ', blank + 1);
  return blank;
}

std::string_view DropEximTrailer(std::string_view text) {
  for (;;) {
    const std::size_t blank = text.rfind(' ');
    if (blank == kNotFound) return text;
    const std::string_view last = text.substr(blank + 1);
    if (!last.starts_with("DT=") && !last.starts_with("QT=")) return text;
    if (ParseDuration(last.substr(3)) < 0) return text;
    text = text.substr(0, blank);
  }
}

}  // namespace bouncesight
