#include "parsers/wrap/syslog_header.h"

#include <algorithm>

#include "parsers/text/text.h"
#include "parsers/text/timestamp.h"
#include "parsers/wrap/line_prefix.h"
#include "parsers/wrap/syslog_tag.h"

namespace bouncesight {
namespace {

// How far into a line an unknown prefix may reach, and how many words it may have.
constexpr std::size_t kMaxPrefix = 96;
constexpr int kMaxPrefixWords = 6;

// As FirstWord, where no tab ends it.
std::string_view BlankWord(std::string_view text) {
  const std::string_view head = text.substr(0, kMaxPrefix);
  return head.substr(0, FindNear(head, ' '));
}

// Solaris puts "[ID 197553 mail.info] " in front of every message.
std::string_view WithoutSolarisId(std::string_view message) {
  if (!message.starts_with("[ID ")) return message;
  const std::string_view head = message.substr(0, 64);
  const std::size_t close = FindOrEnd(head, ']');
  return close < head.size() ? SkipBlanks(message.substr(close + 1)) : message;
}

// "Message forwarded from mx1: ", as the syslog daemons of AIX and Solaris relay.
void TakeForwarded(std::string_view& text, std::string_view& host) {
  std::string_view rest = text;
  std::string_view name;
  if (!Consume(rest, "Message forwarded from ") || !TakeUntil(rest, ": ", name)) return;
  host = name;
  text = rest;
}

// "mail.info ", "<mail.info> " of FreeBSD.
void SkipPriorityName(std::string_view& text) {
  const std::string_view word = FirstWord(text);
  const bool freebsd = word.size() > 2 && word.front() == '<' && word.back() == '>';
  if (freebsd || IsPriorityName(word)) text = AfterWord(text, word);
}

// "HOST TAG: MESSAGE", "TAG: MESSAGE" or "HOST MESSAGE".
std::optional<Record> HostAndTag(std::string_view time, std::string_view text) {
  std::optional<Record> result(std::in_place);
  Record& record = *result;
  record.time = time;
  if (!time.empty()) record.behind_stamp = text;
  TakeForwarded(text, record.host);
  SkipPriorityName(text);
  if (!TakeTag(text, record.program)) {
    if (!record.host.empty()) {  // of a relay's sentence: what follows has no tag
      record.program = {};
      record.message = text;
      return result;
    }
    record.host = FirstWord(text);
    text = AfterWord(text, record.host);
    TakeForwarded(text, record.host);
    SkipPriorityName(text);
    if (!TakeTag(text, record.program) && !TakeLooseTag(text, record.program) &&
        !TakeNewTag(text, record.program)) {
      record.program = {};
      record.message = text;
      return result;
    }
  }
  record.message = WithoutSolarisId(text);
  return result;
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
    const std::string_view word = BlankWord(line.substr(at));
    Record record;
    // Without a pid only a path in the very first place is a tag: "postfix/smtp: …".
    const bool tag =
        word.size() > 4 && (word.ends_with("]:") ||
                            (at == 0 && word.ends_with(':') && FindNear(word, '/') < word.size()));
    if (tag && ReadTag(word, record.program)) {
      record.host = last_word;
      record.time = TrimEnd(line.substr(0, at - last_word.size() - (at == 0 ? 0 : 1)));
      if (record.time.starts_with('[') && record.time.ends_with(']')) {
        record.time = record.time.substr(1, record.time.size() - 2);
      }
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
  const std::string_view host = BlankWord(rest);
  const std::string_view tag = BlankWord(AfterWord(rest, host));
  Record record;
  const bool whole = tag.ends_with("]:") && ReadTag(tag, record.program);
  // Without a host, as supervisors put their stamp before what a program says.
  if (!whole && !(host.ends_with("]:") && ReadTag(host, record.program))) return std::nullopt;
  return HostAndTag(line.substr(0, stamp), rest);
}

// "1 " of RFC 5424, which begins with it where the priority was left away.
bool BeginsLikeRfc5424(std::string_view line, bool datagram) {
  if (line.size() < 4 || !IsDigit(line[0]) || line[1] != ' ') return false;
  if (datagram) return true;
  const std::string_view rest = line.substr(2);
  return rest.starts_with("- ") || TimestampLength(rest) != 0;
}

// Cisco's "000123: *Nov 28 12:00:00.123 UTC: HOST TAG: ": a mark before the stamp, which says that
// the clock was never set, and a colon behind it or behind a zone's name. 0: it is no such stamp.
std::size_t MarkedStampLength(std::string_view& line, bool datagram) {
  std::string_view text = line;
  std::size_t digits = 0;
  while (datagram && digits < text.size() && digits < 10 && IsDigit(text[digits])) ++digits;
  if (digits > 0 && text.substr(digits).starts_with(": ")) text.remove_prefix(digits + 2);
  if (!text.empty() && (text[0] == '*' || text[0] == '.')) text.remove_prefix(1);
  if (text.size() < 20 || text[3] != ' ' || text[9] != ':' || text[12] != ':') return 0;
  const std::size_t colon = text.substr(0, 40).find(": ");
  std::size_t stamp = TimestampLength(text.substr(0, colon));
  if (stamp == 0) stamp = TimestampLength(text);
  if (stamp != 0) line = text;
  return stamp;
}

// Behind the stamp: " UTC: ", ": ", " ".
std::string_view BehindMarkedStamp(std::string_view text) {
  std::string_view rest = SkipBlanks(text);
  std::size_t letters = 0;
  while (letters < rest.size() && IsUpper(rest[letters])) ++letters;
  if (letters > 2 && letters < 6) rest.remove_prefix(letters);
  return Consume(rest, ": ") ? SkipBlanks(rest) : SkipBlanks(text);
}

std::optional<Record> KnownHeader(std::string_view line) {
  if (!line.empty() && IsDigit(line.front())) DropOctetCount(line);
  bool datagram = false;
  while (TakePriority(line)) datagram = true;  // a relay may put its own before the sender's
  if (const std::size_t stamp = datagram ? SpacedDateLength(line) : 0) {
    return HostAndTag(line.substr(0, stamp), SkipBlanks(line.substr(stamp)));
  }
  if (BeginsLikeRfc5424(line, datagram)) return Rfc5424(line.substr(2));
  for (int stamps = 0;; ++stamps) {
    const std::size_t length = TimestampLength(line);
    if (length == 0) break;
    const std::string_view rest = SkipBlanks(line.substr(length));
    // "docker logs -t" and the like put a stamp of their own before the program's.
    if (stamps > 1 || TimestampLength(rest) == 0) return HostAndTag(line.substr(0, length), rest);
    line = rest;
  }
  if (const std::size_t stamp = MarkedStampLength(line, datagram)) {
    return HostAndTag(line.substr(0, stamp), BehindMarkedStamp(line.substr(stamp)));
  }
  if (datagram) return HostAndTag({}, line);
  return std::nullopt;
}

// A header in the line's very first byte.
std::optional<Record> BareHeader(std::string_view line) {
  // Exim's main log: no use to try the other stamps first.
  const bool spaced = line.size() > 19 && line[4] == '-' && line[10] == ' ' && line[13] == ':';
  if (const std::size_t stamp = spaced ? SpacedDateLength(line) : 0) return SpacedDate(line, stamp);
  return KnownHeader(line);
}

std::optional<Record> OtherHeader(std::string_view line) {
  if (std::optional<Record> record = BareHeader(line)) return record;
  if (IsPlainMainLog(line)) return std::nullopt;
  const LinePrefix prefix = TakeLinePrefix(line);
  if (prefix.behind.empty()) return PrefixedTag(line);
  if (prefix.behind.starts_with('{')) return std::nullopt;  // an object is not a header
  std::optional<Record> record = BareHeader(prefix.behind);
  if (!record) record = PrefixedTag(prefix.behind);
  if (record && record->time.empty()) record->time = prefix.time;
  return record;
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
  if (host_size > 5 && host[4] == '.' && IsPriorityName({host, host_size})) return;
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
