#include "parsers/wrap/syslog_header.h"

#include <algorithm>

#include "parsers/text/text.h"
#include "parsers/text/timestamp.h"

namespace bouncesight {
namespace {

// Long enough for any real tag; keeps the look for one from crossing a long line.
constexpr std::size_t kMaxTag = 128;
// How far into a line an unknown prefix may reach, and how many words it may have.
constexpr std::size_t kMaxPrefix = 96;
constexpr int kMaxPrefixWords = 6;

// The first word of `text`, at most kMaxTag bytes of it.
std::string_view FirstWord(std::string_view text) {
  const std::string_view head = text.substr(0, kMaxTag);
  return head.substr(0, FindNear(head, ' '));
}

// Splits "program[pid]:", "program:" or, as rsyslog writes it from an RFC 5424 message,
// "program[pid]". False: the word is no tag.
bool ReadTag(std::string_view word, std::string_view& program) {
  if (word.size() < 2 || word.ends_with("::")) return false;  // an IPv6 address ends like that
  const bool colon = word.back() == ':';
  if (colon) word.remove_suffix(1);
  if (word.back() != ']') {
    program = word;
    return colon;
  }
  if (word.size() < 4) return false;  // "p[1]"
  std::size_t open = word.size() - 2;
  while (open > 0 && IsDigit(word[open])) --open;
  if (open == 0 || word[open] != '[' || open + 2 == word.size()) return false;
  program = word.substr(0, open);
  return true;
}

std::string_view AfterWord(std::string_view text, std::string_view word) {
  text.remove_prefix(word.size());
  return SkipBlanks(text);
}

// Solaris puts "[ID 197553 mail.info] " in front of every message.
std::string_view WithoutSolarisId(std::string_view message) {
  if (!message.starts_with("[ID ")) return message;
  const std::string_view head = message.substr(0, 64);
  const std::size_t close = FindOrEnd(head, ']');
  return close < head.size() ? SkipBlanks(message.substr(close + 1)) : message;
}

// "mail.info", as BusyBox writes it between host and tag.
bool IsPriorityName(std::string_view word) {
  const std::size_t dot = FindOrEnd(word, '.');
  if (dot == 0 || dot + 3 > word.size()) return false;
  for (const char* level :
       {"info", "notice", "warn", "warning", "err", "crit", "alert", "emerg", "debug"}) {
    if (word.substr(dot + 1) == level) return true;
  }
  return false;
}

// The first word, or of "postfix/smtp[9]:4F1A2B3C4D:" the tag: some relays leave the blank away.
std::string_view TagWord(std::string_view text) {
  const std::string_view word = FirstWord(text);
  const std::size_t close = word.find("]:");
  std::string_view program;
  if (close == word.npos || close + 2 == word.size()) return word;
  return ReadTag(word.substr(0, close + 2), program) ? word.substr(0, close + 2) : word;
}

// "Message forwarded from mx1: ", as the syslog daemons of AIX and Solaris relay.
void TakeForwarded(std::string_view& text, std::string_view& host) {
  std::string_view rest = text;
  std::string_view name;
  if (!Consume(rest, "Message forwarded from ") || !TakeUntil(rest, ": ", name)) return;
  host = name;
  text = rest;
}

// "HOST TAG: MESSAGE", "TAG: MESSAGE" or "HOST MESSAGE".
std::optional<Record> HostAndTag(std::string_view time, std::string_view text) {
  std::optional<Record> result(std::in_place);
  Record& record = *result;
  record.time = time;
  if (!time.empty()) record.behind_stamp = text;
  TakeForwarded(text, record.host);
  std::string_view word = TagWord(text);
  if (word.size() > 2 && word.front() == '<' && word.back() == '>') {  // FreeBSD: <mail.info>
    text = AfterWord(text, word);
    word = TagWord(text);
  }
  if (!ReadTag(word, record.program)) {
    if (!record.host.empty()) {  // of a relay's sentence: what follows has no tag
      record.program = {};
      record.message = text;
      return result;
    }
    record.host = word;
    text = AfterWord(text, word);
    TakeForwarded(text, record.host);
    word = TagWord(text);
    if (IsPriorityName(word)) {
      text = AfterWord(text, word);
      word = TagWord(text);
    }
    if (!ReadTag(word, record.program)) {
      record.program = {};
      record.message = text;
      return result;
    }
  }
  record.message = WithoutSolarisId(AfterWord(text, word));
  return result;
}

// Past "[id name="value" …][…]" or "-". False: the structured data never ends.
bool SkipStructuredData(std::string_view& text) {
  if (Consume(text, "-")) return true;
  while (!text.empty() && text.front() == '[') {
    bool quoted = false;
    std::size_t at = 1;
    for (; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '"') {
        quoted = !quoted;
      } else if (text[at] == ']' && !quoted) {
        break;
      }
    }
    if (at >= text.size()) return false;
    text.remove_prefix(at + 1);
  }
  return true;
}

bool TakeWord(std::string_view& text, std::string_view& word) {
  if (!TakeUntil(text, " ", word)) return false;
  if (word == "-") word = {};
  return true;
}

// After "<PRI>1 ": TIME HOST APP-NAME PROCID MSGID SD [MSG]. The message may start with a blank of
// its own (rsyslog) or a byte order mark.
std::optional<Record> Rfc5424(std::string_view text) {
  Record record;
  std::string_view ignored;
  if (!TakeWord(text, record.time) || !TakeWord(text, record.host) ||
      !TakeWord(text, record.program) || !TakeWord(text, ignored) || !TakeWord(text, ignored) ||
      !SkipStructuredData(text)) {
    return std::nullopt;
  }
  text = SkipBlanks(text);
  Consume(text, "\xEF\xBB\xBF");
  record.message = SkipBlanks(text);
  std::string_view program;  // relays that know RFC 3164 alone keep the tag, too
  const std::string_view tag = TagWord(record.message);
  if (!record.program.empty() && tag.ends_with(':') && ReadTag(tag, program) &&
      program == record.program) {
    record.message = AfterWord(record.message, tag);
  }
  return record;
}

// Takes "<22>" off. False: there is none.
bool TakePriority(std::string_view& text) {
  if (text.empty() || text.front() != '<') return false;
  const std::size_t close = FindOrEnd(text.substr(0, 5), '>');
  if (close < 2 || close >= 5 || close >= text.size() || !AllDigits(text.substr(1, close - 1))) {
    return false;
  }
  text.remove_prefix(close + 1);
  return true;
}

// An octet count as RFC 6587 frames it: "83 <22>1 …".
void DropOctetCount(std::string_view& text) {
  std::size_t at = 0;
  while (at < text.size() && at < 7 && IsDigit(text[at])) ++at;
  if (at > 0 && at + 1 < text.size() && text[at] == ' ' && text[at + 1] == '<') {
    text.remove_prefix(at + 1);
  }
}

// A prefix that nobody foresaw, then "program[pid]: ": the tag is what tells.
std::optional<Record> PrefixedTag(std::string_view line) {
  const std::string_view head = line.substr(0, kMaxPrefix);
  std::string_view last_word;
  std::size_t at = 0;
  for (int words = 0; words <= kMaxPrefixWords && at < head.size(); ++words) {
    const std::string_view word = FirstWord(line.substr(at));
    Record record;
    // Without a pid only a path in the very first place is a tag: "postfix/smtp: …".
    const bool tag =
        word.size() > 4 && (word.ends_with("]:") ||
                            (at == 0 && word.ends_with(':') && FindNear(word, '/') < word.size()));
    if (tag && ReadTag(word, record.program)) {
      record.host = last_word;
      record.time = TrimEnd(line.substr(0, at - last_word.size() - (at == 0 ? 0 : 1)));
      record.message = AfterWord(line.substr(at), word);
      return record;
    }
    last_word = word;
    at += word.size() + 1;
  }
  return std::nullopt;
}

// "2026-11-21 16:49:30 HOST program[pid]: …". Exim's main log starts with the same stamp, so the
// tag must be there in full.
std::optional<Record> SpacedDate(std::string_view line, std::size_t stamp) {
  const std::string_view rest = SkipBlanks(line.substr(stamp));
  const std::string_view host = FirstWord(rest);
  const std::string_view tag = FirstWord(AfterWord(rest, host));
  Record record;
  if (!tag.ends_with("]:") || !ReadTag(tag, record.program)) return std::nullopt;
  return HostAndTag(line.substr(0, stamp), rest);
}

std::optional<Record> KnownHeader(std::string_view line) {
  if (!line.empty() && IsDigit(line.front())) DropOctetCount(line);
  bool datagram = false;
  while (TakePriority(line)) datagram = true;  // a relay may put its own before the sender's
  if (const std::size_t stamp = datagram ? SpacedDateLength(line) : 0) {
    return HostAndTag(line.substr(0, stamp), SkipBlanks(line.substr(stamp)));
  }
  if (datagram && line.size() > 2 && IsDigit(line[0]) && line[1] == ' ') {
    return Rfc5424(line.substr(2));
  }
  for (int stamps = 0;; ++stamps) {
    const std::size_t length = TimestampLength(line);
    if (length == 0) break;
    const std::string_view rest = SkipBlanks(line.substr(length));
    // "docker logs -t" and the like put a stamp of their own before the program's.
    if (stamps > 1 || TimestampLength(rest) == 0) return HostAndTag(line.substr(0, length), rest);
    line = rest;
  }
  if (datagram) return HostAndTag({}, line);
  return std::nullopt;
}

// Past "ESC [ … m", which colours what follows.
std::string_view SkipColour(std::string_view text) {
  std::string_view rest = text;
  if (!Consume(rest, "\x1B[")) return text;
  const std::size_t end = rest.substr(0, 12).find('m');
  return end == std::string_view::npos ? text : rest.substr(end + 1);
}

std::optional<Record> OtherHeader(std::string_view line) {
  // Exim's main log: no use to try the other stamps first.
  const bool spaced = line.size() > 19 && line[4] == '-' && line[10] == ' ' && line[13] == ':';
  if (const std::size_t stamp = spaced ? SpacedDateLength(line) : 0) return SpacedDate(line, stamp);
  if (std::optional<Record> record = KnownHeader(line)) return record;
  const std::string_view behind = BehindComposeName(line);
  if (behind.empty()) return PrefixedTag(line);
  if (behind.starts_with('{')) return std::nullopt;  // an object is no header
  if (const std::size_t stamp = SpacedDateLength(behind)) return SpacedDate(behind, stamp);
  if (std::optional<Record> record = KnownHeader(behind)) return record;
  return PrefixedTag(behind);
}

// "Nov 21 16:49:30 HOST program[pid]: MESSAGE", as nearly every line is. Empty program: it is not.
void ReadPlainHeader(std::string_view line, Record& record) {
  const std::size_t stamp = PlainTimestampLength(line);
  if (stamp == 0) return;
  const char* const host = line.data() + stamp + 1;
  const std::size_t host_size = FindNear(line.substr(stamp + 1), ' ');
  const std::size_t tag_at = stamp + 1 + host_size + 1;
  if (host_size < 2 || host[host_size - 1] == ':' || host[host_size - 1] == ']') return;
  if (host[0] == '<' || tag_at >= line.size()) return;
  const std::string_view rest = line.substr(tag_at);
  const std::size_t tag_size = FindNear(rest, ' ');
  if (tag_size < 5 || tag_size + 1 >= rest.size() || rest[tag_size - 1] != ':' ||
      rest[tag_size - 2] != ']' || rest[tag_size + 1] == ' ' || rest[tag_size + 1] == '[') {
    return;
  }
  std::size_t open = tag_size - 3;
  while (open > 0 && IsDigit(rest[open])) --open;
  if (open == 0 || rest[open] != '[' || open == tag_size - 3) return;
  record.time = line.substr(0, stamp);
  record.host = {host, host_size};
  record.program = rest.substr(0, open);
  record.message = rest.substr(tag_size + 1);
}

}  // namespace

std::string_view BehindComposeName(std::string_view line) {
  const std::string_view head = line.substr(0, kMaxPrefix);
  std::string_view rest = SkipColour(head);
  // Not by find_first_of, which calls memchr for each byte: Exim's and Coremail's lines come here.
  const auto ends_name = [](char c) { return c == ' ' || c == '|'; };
  const auto name =
      static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), ends_name) - rest.begin());
  if (name == 0 || name == rest.size()) return {};
  rest = SkipColour(SkipBlanks(rest.substr(name)));
  if (!Consume(rest, "|")) return {};
  rest = SkipColour(rest);
  if (!Consume(rest, " ")) return {};
  return line.substr(head.size() - rest.size());
}

bool BeginsLikeHeader(std::string_view text) {
  if (text.size() < 8) return false;
  DropOctetCount(text);
  if (text[0] == '<') return TakePriority(text);
  if (TimestampLength(text) != 0 || SpacedDateLength(text) != 0) return true;
  std::string_view program;
  const std::string_view word = FirstWord(text);
  return word.ends_with("]:") && ReadTag(word, program);
}

std::optional<Record> ParseSyslogHeader(std::string_view line) {
  std::optional<Record> record(std::in_place);
  ReadPlainHeader(line, *record);
  if (record->program.empty()) record = OtherHeader(line);
  return record;
}

}  // namespace bouncesight
