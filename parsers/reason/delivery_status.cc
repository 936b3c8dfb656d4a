#include "parsers/reason/delivery_status.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace bouncesight {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string ToLower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), Lower);
  return lower;
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The next line of `text` without its end, taken off the front.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  std::string_view line = text.substr(0, newline);
  text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// The body of the message/delivery-status part, up to the next boundary or the end.
std::optional<std::string_view> StatusPart(std::string_view message) {
  bool in_headers = false;
  while (!message.empty()) {
    const std::string_view line = TakeLine(message);
    if (in_headers) {
      if (line.empty()) return message;
      continue;
    }
    const std::string lower = ToLower(line.substr(0, 64));
    in_headers = lower.starts_with("content-type:") &&
                 lower.find("message/delivery-status") != std::string::npos;
  }
  return std::nullopt;
}

struct Field {
  std::string name;  // lower case
  std::string value;
};

// What stands behind the type: "rfc822;", "dns;", "smtp;".
std::string_view WithoutType(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  return semicolon == std::string_view::npos ? value : Trim(value.substr(semicolon + 1));
}

std::string_view WithoutBrackets(std::string_view address) {
  const bool bracketed = address.size() > 1 && address.front() == '<' && address.back() == '>';
  return bracketed ? address.substr(1, address.size() - 2) : address;
}

void Apply(const Field& field, DeliveryStatus& status) {
  if (field.name == "action") {
    status.action = ToLower(field.value);
  } else if (field.name == "status") {
    std::size_t length = 0;
    status.status = ParseEnhancedCode(field.value, length);
  } else if (field.name == "remote-mta") {
    status.remote_mta = WithoutType(field.value);
  } else if (field.name == "final-recipient" ||
             (field.name == "original-recipient" && status.recipient.empty())) {
    status.recipient = WithoutBrackets(WithoutType(field.value));
  } else if (field.name == "diagnostic-code") {
    status.from_remote = ToLower(field.value).starts_with("smtp;");
    status.diagnostic = WithoutType(field.value);
  }
}

// The fields up to the next blank line.
std::vector<Field> TakeGroup(std::string_view& part) {
  std::vector<Field> fields;
  while (!part.empty()) {
    const std::string_view line = TakeLine(part);
    if (Trim(line).empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && !fields.empty()) {
      fields.back().value.append(1, ' ').append(Trim(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields.push_back(
        {ToLower(Trim(line.substr(0, colon))), std::string(Trim(line.substr(colon + 1)))});
  }
  return fields;
}

std::string_view UpToBoundary(std::string_view part) {
  if (part.starts_with("--")) return {};
  return part.substr(0, part.find("\n--"));
}

}  // namespace

std::vector<DeliveryStatus> ParseDeliveryStatus(std::string_view message) {
  std::vector<DeliveryStatus> all;
  const std::optional<std::string_view> found = StatusPart(message);
  if (!found) return all;
  std::string_view part = UpToBoundary(*found);
  while (!part.empty()) {
    DeliveryStatus status;
    for (const Field& field : TakeGroup(part)) Apply(field, status);
    // The first group describes the message, not a recipient.
    if (!status.recipient.empty() || !status.diagnostic.empty() || status.status.present())
      all.push_back(std::move(status));
  }
  return all;
}

}  // namespace bouncesight
