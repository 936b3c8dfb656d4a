#include "parsers/reason/bounce_text_remote.h"

#include <cstddef>
#include <cstdint>

#include "parsers/reason/own_words.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

struct Statement {
  std::string_view before;  // ASCII letters of either case
  std::string_view after;   // what ends the host's name; empty: the end of the text
  Phase phase;
};

constexpr Statement kStatements[] = {
    {"connect remote host error (", ")", Phase::kConnect},
    {"No welcome message from ", "", Phase::kConnect},
    {"Failure welcome message from ", "", Phase::kConnect},
    {"Error sending mail body to ", "", Phase::kEndOfData},
    {"Name service error for domain ", ": ", Phase::kConnect},
};

// "Connect to IP:25 failure" and "connect to H: Connection refused" start alike.
bool ReadConnect(std::string_view text, Reason& reason) {
  std::string_view rest = text;
  if (!ConsumeNoCase(rest, "connect to ")) return false;
  std::size_t end = rest.find(" failure");
  if (end == kNotFound) end = rest.find(": ");
  if (end == kNotFound) return false;
  const std::string_view host = rest.substr(0, end);
  if (host.find(' ') != kNotFound) return false;
  SetRemote(host, reason);
  reason.reply = OwnWords(text, Phase::kConnect);
  return true;
}

// Splits "HOST<open>IP<close>".
bool SplitBracketed(std::string_view text, char open, char close, Reason& reason) {
  const std::size_t from = FindOrEnd(text, open);
  const std::size_t to = FindOrEnd(text, close);
  if (to >= text.size() || from > to) return false;
  reason.remote_host = Strip(text.substr(0, from));
  reason.remote_ip = text.substr(from + 1, to - from - 1);
  return true;
}

}  // namespace

void SetRemote(std::string_view text, Reason& reason) {
  text = Strip(text);
  if (SplitBracketed(text, '[', ']', reason) || SplitBracketed(text, '(', ')', reason)) return;
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != kNotFound && text.find(':') == colon;
  const std::string_view name = has_port ? StripRight(text.substr(0, colon)) : text;
  if (has_port) {
    std::string_view port = StripLeft(text.substr(colon + 1));
    reason.remote_port = static_cast<std::uint16_t>(TakeNumber(port, 65535));
  }
  if (LooksLikeIp(name)) {
    reason.remote_ip = name;
  } else {
    reason.remote_host = name;
  }
}

bool ReadRemoteStatement(std::string_view text, Reason& reason) {
  if (ReadConnect(text, reason)) return true;
  for (const Statement& statement : kStatements) {
    std::string_view rest = text;
    if (!ConsumeNoCase(rest, statement.before)) continue;
    const std::size_t end = statement.after.empty() ? kNotFound : rest.find(statement.after);
    SetRemote(rest.substr(0, end), reason);
    reason.reply = OwnWords(text, statement.phase);
    return true;
  }
  return false;
}

}  // namespace bouncesight
