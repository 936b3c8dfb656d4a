#include "parsers/reason/delivery_status.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "parsers/reason/mail_text.h"
#include "parsers/reason/text_lines.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// What a group may begin with.
constexpr std::string_view kFirstFields[] = {"reporting-mta", "original-envelope-id",
                                             "final-recipient", "original-recipient", "action"};
// The rest of what a report holds, without the "X-…" of each MTA.
constexpr std::string_view kFields[] = {"status",       "remote-mta",        "diagnostic-code",
                                        "arrival-date", "last-attempt-date", "will-retry-until",
                                        "dsn-gateway",  "received-from-mta", "final-log-id"};

struct Field {
  std::string name;  // lower case
  std::string value;
};

bool IsOneOf(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// "Name: value" with a name of a report. Folded text may look the same, with other names.
bool ReadField(std::string_view line, Field& field) {
  const std::size_t colon = line.find(':');
  if (colon == kNotFound || colon == 0 || colon > 40) return false;
  std::string name;
  for (const char c : line.substr(0, colon)) {
    if (!IsAlnum(c) && c != '-') return false;
    name += ToLower(c);
  }
  if (!IsOneOf(name, kFirstFields) && !IsOneOf(name, kFields) && !name.starts_with("x-"))
    return false;
  field = {std::move(name), std::string(Strip(line.substr(colon + 1)))};
  return true;
}

// What stands behind the type: "rfc822;", "dns;", "smtp;".
std::string_view WithoutType(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  const bool typed = semicolon != kNotFound && value.substr(0, semicolon).find(' ') == kNotFound;
  return typed ? Strip(value.substr(semicolon + 1)) : value;
}

// Of "ann@example.com", "<ann@example.com>" and "Ann <ann@example.com>". What stands behind a blank
// is no part of an address, unless a quoted name holds it.
std::string_view BareAddress(std::string_view value) {
  const std::size_t open = value.rfind('<');
  if (open != kNotFound && value.ends_with('>')) {
    return value.substr(open + 1, value.size() - open - 2);
  }
  const std::size_t quoted = value.starts_with('"') ? value.find('"', 1) : 0;
  return value.substr(0, value.find_first_of(" \t", quoted == kNotFound ? 0 : quoted));
}

// "mx.example.com", "mx.example.com. (192.0.2.1, the server for …)", "[192.0.2.1]".
void SetRemote(std::string_view value, DeliveryStatus& status) {
  std::string_view name = value.substr(0, value.find_first_of(" ("));
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  if (LooksLikeIp(name)) {
    status.remote_ip = name;
    return;
  }
  status.remote_host = name;
  const std::size_t open = FindOrEnd(value, '(');
  const std::string_view inside = value.substr(std::min(open + 1, value.size()));
  const std::string_view ip = inside.substr(0, inside.find_first_of(",)"));
  if (LooksLikeIp(ip)) status.remote_ip = ip;
}

void Apply(const Field& field, DeliveryStatus& status) {
  if (field.name == "action") {
    const std::string_view word = field.value;
    status.action.clear();
    for (const char c : word.substr(0, word.find_first_of(" ("))) status.action += ToLower(c);
  } else if (field.name == "status") {
    std::size_t length = 0;
    status.status = ParseEnhancedCode(field.value, length);
  } else if (field.name == "will-retry-until") {
    status.retry_until = field.value;
  } else if (field.name == "remote-mta") {
    SetRemote(WithoutType(field.value), status);
  } else if (field.name == "final-recipient" ||
             (field.name == "original-recipient" && status.recipient.empty())) {
    status.recipient = BareAddress(WithoutType(field.value));
  } else if (field.name == "diagnostic-code") {
    status.from_remote = StartsWithNoCase(field.value, "smtp;");
    status.diagnostic = Unfold(DecodeWords(std::string(WithoutType(field.value))));
  }
}

bool Holds(const std::vector<Field>& fields, std::string_view name) {
  return std::ranges::any_of(fields, [name](const Field& field) { return field.name == name; });
}

// The fields up to the next blank line, or to one that begins another group.
std::vector<Field> TakeGroup(std::string_view& part) {
  std::vector<Field> fields;
  while (!part.empty()) {
    std::string_view rest = part;
    const std::string_view line = TakeLine(rest);
    Field field;
    const bool blank = Strip(line).empty();
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    const bool named = !folded && ReadField(line, field);
    if (named && Holds(fields, field.name) && IsOneOf(field.name, kFirstFields)) break;
    part = rest;
    if (blank) break;
    if (named) {
      fields.push_back(std::move(field));
    } else if (!fields.empty()) {
      fields.back().value.append(1, ' ').append(Strip(line));
    }
  }
  return fields;
}

}  // namespace

std::size_t StatusFieldsAt(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t at = text.size() - rest.size();
    Field field;
    const std::string_view line = StripLeft(TakeLine(rest));
    if (ReadField(line, field) && IsOneOf(field.name, kFirstFields)) return at;
    if (ReadField(line, field) && field.name == "diagnostic-code") return at;
  }
  return text.size();
}

std::vector<DeliveryStatus> ParseDeliveryStatus(std::string_view fields) {
  std::vector<DeliveryStatus> all;
  while (!fields.empty()) {
    DeliveryStatus status;
    for (const Field& field : TakeGroup(fields)) Apply(field, status);
    // The first group describes the message, not a recipient.
    if (!status.recipient.empty() || !status.diagnostic.empty() || status.status.present())
      all.push_back(std::move(status));
  }
  return all;
}

}  // namespace bouncesight
