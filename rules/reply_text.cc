#include "rules/reply_text.h"

#include <algorithm>
#include <cstring>

#include "parsers/text/ascii.h"
#include "parsers/text/scan.h"
#include "rules/letter_fold.h"
#include "rules/text_tokens.h"

namespace bouncesight {
namespace {

constexpr std::array<std::string_view, 7> kMaskNames = {"",       "{addr}", "{url}", "{ip}",
                                                        "{host}", "{id}",   "{name}"};

// The length of "5.1.1" at the start of `text`, 0 if there is none.
std::size_t EnhancedLength(std::string_view text) {
  if (text.size() < 5 || text[0] < '2' || text[0] > '5' || text[1] != '.') return 0;
  std::size_t at = 2;
  for (int part = 0; part < 2; ++part) {
    const std::size_t start = at;
    while (at < text.size() && at - start < 3 && IsDigit(text[at])) ++at;
    if (at == start) return 0;
    if (part == 0 && (at >= text.size() || text[at++] != '.')) return 0;
  }
  return at < text.size() && (IsAlnum(text[at]) ||
                              (text[at] == '.' && at + 1 < text.size() && IsDigit(text[at + 1])))
             ? 0
             : at;
}

// Typographic signs (UTF-8, three bytes from E2 80 or EF BC/BD) as ASCII; 0: none; 1: dropped.
char AsciiOf(unsigned char second, unsigned char third, bool wide) {
  if (wide) {
    const int code = (second == 0xbc ? 0 : 0x40) + third - 0x80;  // from U+FF00
    return code >= 1 && code <= 0x5e ? static_cast<char>(code + 0x20) : '\0';
  }
  if (third >= 0x90 && third <= 0x95) return '-';
  if (third == 0x98 || third == 0x99 || third == 0x9a || third == 0x9b || third == 0xb2) {
    return '\'';
  }
  if (third >= 0x9c && third <= 0x9f) return '"';
  if (third >= 0x80 && third <= 0x8a) return ' ';
  if (third >= 0x8b && third <= 0x8f) return '\1';
  if (third == 0xaf) return ' ';
  return '\0';
}

}  // namespace

std::string SpellMasks(std::string_view words) {
  std::string text;
  for (const char c : words) {
    const auto mask = static_cast<unsigned char>(c);
    if (mask >= 1 && mask < kMaskNames.size()) {
      text += kMaskNames[mask];
    } else {
      text += c;
    }
  }
  return text;
}

std::string PlaceMasks(std::string_view pattern, std::string& unknown) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t close = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
    const bool escaped = at > 0 && pattern[at - 1] == '\\';
    if (close == std::string_view::npos || escaped || at + 1 == close || IsDigit(pattern[at + 1]) ||
        pattern[at + 1] == ',') {
      text += pattern[at++];
      continue;
    }
    const std::string_view word = pattern.substr(at, close + 1 - at);
    bool found = false;
    for (std::size_t mask = 1; mask < kMaskNames.size(); ++mask) {
      if (kMaskNames[mask] != word) continue;
      text += static_cast<char>(mask);
      found = true;
    }
    if (!found) {
      unknown = word;
      text += word;
    }
    at = close + 1;
  }
  return FoldLetters(text);
}

void ReplyText::Read(std::string_view reply) {
  input_ = reply.substr(0, kMaxBytes);
  at_ = words_size_ = links_size_ = 0;
  line_start_ = true;
  after_code_ = false;
  code_ = {};
  MarkToken();
  while (at_ < input_.size()) {
    const char c = input_[at_];
    const std::uint8_t kind = ByteClass(c);
    if ((kind & kRun) != 0) {
      ReadRun();
    } else if (kind == kBlank) {
      ReadBlank();
    } else if (kind == kHigh) {
      ReadHigh();
    } else {
      ReadSign(c);
    }
  }
  while (words_size_ > 0 && words_[words_size_ - 1] == ' ') --words_size_;
}

void ReplyText::Restore(std::string_view words, std::string_view links) {
  words_size_ = words.copy(words_.data(), words_.size());
  links_size_ = links.copy(links_.data(), links_.size());
}

void ReplyText::Put(char c) {
  line_start_ = after_code_ = false;
  words_[words_size_++] = c;
}

void ReplyText::Copy(std::size_t count) {
  line_start_ = after_code_ = false;
  std::memcpy(words_.data() + words_size_, input_.data() + at_, count);
  words_size_ += count;
  at_ += count;
}

void ReplyText::AddLink(std::string_view link) {
  std::memcpy(links_.data() + links_size_, link.data(), link.size());
  links_size_ += link.size();
  links_[links_size_++] = '\n';
}

// Brackets and quotes right around a masked thing go with it.
void ReplyText::PutMask(Mask mask, std::size_t length) {
  at_ += length;
  while (words_size_ > 0 && at_ < input_.size()) {
    const char before = words_[words_size_ - 1];
    const char after = input_[at_];
    const bool pair = (before == '<' && after == '>') || (before == '[' && after == ']') ||
                      (before == '"' && after == '"') ||
                      ((before == '\'' || before == '`') && after == '\'');
    if (!pair) break;
    --words_size_;
    ++at_;
  }
  Put(static_cast<char>(mask));
  MarkToken();
}

void ReplyText::ReadBlank() {
  if (input_[at_] == '\n') line_start_ = true;
  ++at_;
  if (words_size_ > 0 && words_[words_size_ - 1] != ' ') words_[words_size_++] = ' ';
  MarkToken();
}

// "\n" and "\r" spelt out, rsyslog's "#012".
void ReplyText::ReadEscape() {
  at_ += input_[at_] == '#' ? 4 : 2;
  if (words_size_ > 0 && words_[words_size_ - 1] != ' ') words_[words_size_++] = ' ';
  line_start_ = true;
  MarkToken();
}

void ReplyText::ReadSign(char c) {
  const char next = peek(1);
  if (c == '\\' && (next == 'n' || next == 'r' || next == 't')) return ReadEscape();
  if (c == '#' && next == '0' && peek(2) == '1' && peek(3) >= '1' && peek(3) <= '5') {
    return ReadEscape();
  }
  if (c == '@') return ReadAt();
  if (c == '"' && ReadQuotedAddress()) return;
  if ((c == '(' || c == '#') && SkipHashCode()) return;
  if (c == ':' && next == ':' && ReadIpv6()) return;
  ++at_;
  // What a dropped code leaves behind: "5.1.0 - Unknown", "550: no".
  const bool leftover = (c == ':' || c == ';') && (line_start_ || after_code_);
  if (!leftover) Put(c);
  const bool opens = (c == '`' || c == '\'') && (at_ < 2 || !IsAlnum(input_[at_ - 2]));
  if (opens || (ByteClass(c) & kDelimiter) != 0) MarkToken();
}

// qmail's "(#5.1.1)", and "#5.1.0" after a code.
bool ReplyText::SkipHashCode() {
  const bool bracket = input_[at_] == '(';
  const std::size_t start = bracket ? 2 : 1;
  if ((bracket && peek(1) != '#') || (!bracket && !after_code_)) return false;
  const std::size_t length = EnhancedLength(rest().substr(std::min(start, rest().size())));
  if (length == 0 || (bracket && peek(start + length) != ')')) return false;
  at_ += start + length + (bracket ? 1 : 0);
  return true;
}

// The local part lies behind us: take it back.
void ReplyText::ReadAt() {
  std::size_t end = at_ + 1;
  while (end < input_.size() && ((ByteClass(input_[end]) & kRun) != 0 || input_[end] == '*')) {
    ++end;
  }
  std::string_view domain = input_.substr(at_ + 1, end - at_ - 1);
  if (!domain.empty() && domain.front() != '.') {
    if (const std::size_t host = HostLength(domain); host != 0) domain = domain.substr(0, host);
  }
  while (!domain.empty() && (domain.back() == '.' || domain.back() == '-')) domain.remove_suffix(1);
  std::size_t length = domain.size();
  if (length == 0 && peek(1) == '[') {
    const std::size_t close = input_.find(']', at_);
    if (close != std::string_view::npos) length = close - at_;
  }
  if (length == 0 || token_at_ == at_) return Copy(1);
  words_size_ = token_words_;
  links_size_ = token_links_;
  PutMask(Mask::kAddr, 1 + length);
}

// "john smith"@example.com
bool ReplyText::ReadQuotedAddress() {
  std::size_t close = at_ + 1;
  while (close < input_.size() && close - at_ < 80 && input_[close] != '"') {
    close += input_[close] == '\\' ? 2U : 1U;
  }
  if (close + 1 >= input_.size() || input_[close] != '"' || input_[close + 1] != '@') return false;
  MarkToken();
  at_ = close + 1;
  ReadAt();
  return true;
}

bool ReplyText::ReadIpv6() {
  const std::size_t length = Ipv6Length(rest());
  if (length == 0) return false;
  if (words_size_ >= 5 && SameNoCase({words_.data() + words_size_ - 5, 5}, "ipv6:")) {
    words_size_ -= 5;
  }
  PutMask(Mask::kIp, length);
  return true;
}

bool ReplyText::ReadUrl(std::size_t scheme) {
  const std::size_t length = UrlLength(rest());
  if (length <= scheme) return false;
  AddLink(rest().substr(0, length));
  PutMask(Mask::kUrl, length);
  return true;
}

void ReplyText::ReadRun() {
  // Most runs are plain words: they are copied while they are read, and taken back if not.
  const char* const in = input_.data();
  char* const out = words_.data() + words_size_ - at_;
  std::size_t end = at_;
  std::uint8_t kinds = 0;
  for (; end < input_.size(); ++end) {
    const std::uint8_t kind = ByteClass(in[end]);
    if ((kind & kRun) == 0) break;
    kinds |= kind;
    out[end] = in[end];
  }
  if (kinds == kLetter && end - at_ < 16 && end < input_.size() && in[end] == ' ') {
    words_size_ += end - at_;
    at_ = end;
    line_start_ = after_code_ = false;
    return;
  }
  const std::string_view run = input_.substr(at_, end - at_);
  const char after = end < input_.size() ? input_[end] : '\0';
  if (after == '@') return Copy(run.size());
  if (after == ':' && (kinds & kDot) == 0) {
    const bool slashes = peek(run.size() + 1) == '/' && peek(run.size() + 2) == '/';
    if (slashes && run.size() >= 3 && run.size() <= 5 && ReadUrl(run.size() + 3)) return;
    if (run.size() <= 4 && ReadIpv6()) return;
  }
  if ((kinds & kDot) != 0) return ReadDottedRun(run);
  if ((kinds & kDigit) == 0) {
    if (run.size() >= 16 && IsOpaqueId(run)) return PutMask(Mask::kId, run.size());
    return Copy(run.size());
  }
  if (AtCode(run)) return ReadCode(run);
  if (run.size() >= 6 && (kinds & kLetter) != 0 && IsOpaqueId(run)) {
    return PutMask(Mask::kId, run.size());
  }
  Copy(run.size());
}

// Holds dots: an enhanced code, an address, a host name, or the end of a sentence.
void ReplyText::ReadDottedRun(std::string_view run) {
  // An ellipsis ends a word: "denied...7d39d529" is a word and an id.
  if (const std::size_t ellipsis = run.find(".."); ellipsis != std::string_view::npos) {
    run = run.substr(0, ellipsis + 2);
  }
  if (AtCode(run)) return ReadCode(run);
  if ((line_start_ || after_code_) && IsDigit(run[0])) {
    if (const std::size_t length = EnhancedLength(run); length != 0) {
      at_ += length;
      after_code_ = true;
      return;
    }
  }
  std::size_t lead = 0;
  while (lead < run.size() && (ByteClass(run[lead]) & (kDot | kHyphen)) != 0) ++lead;
  if (lead > 0) return Copy(lead);
  if (const std::size_t ip = Ipv4Length(run); ip != 0) return PutMask(Mask::kIp, ip);
  std::string_view name = run;
  while ((ByteClass(name.back()) & (kDot | kHyphen)) != 0) name.remove_suffix(1);
  if (const std::size_t host = HostLength(name); host != 0) {
    const char after = peek(host);
    if ((after == '/' || (host > 4 && SameNoCase(name.substr(0, 4), "www."))) &&
        ReadUrl(host - 1)) {
      return;
    }
    AddLink(name.substr(0, host));
    return PutMask(Mask::kHost, host);
  }
  if (IsOpaqueId(name)) return PutMask(Mask::kId, name.size());
  Copy(run.size());
}

// A reply code at the start of a line, or the first one again: "550-", "550 ".
bool ReplyText::AtCode(std::string_view run) const {
  if (run.size() < 3 || !IsDigit(run[0]) || !IsDigit(run[1]) || !IsDigit(run[2])) return false;
  if (run[0] < '2' || run[0] > '5') return false;
  if (run.size() > 3 && run[3] != '-') return false;
  if (run.size() == 3 && peek(3) != ' ' && peek(3) != '\0' && peek(3) != '\\' && peek(3) != ':' &&
      peek(3) != '<' && peek(3) != '\n') {
    return false;
  }
  if (line_start_) return true;
  const bool again = run.substr(0, 3) == std::string_view(code_.data(), 3);
  return again && (words_size_ == 0 || words_[words_size_ - 1] == ' ');
}

void ReplyText::ReadCode(std::string_view run) {
  if (code_[0] == 0) std::memcpy(code_.data(), run.data(), 3);
  at_ += run.size() > 3 ? 4 : 3;
  line_start_ = false;
  after_code_ = true;
  MarkToken();
}

// Words have their letters without capitals and accents, as patterns do.
bool ReplyText::ReadLetter() {
  const std::string_view letter = FoldedLetter(input_[at_], peek(1));
  if (letter.empty() && !IsCombiningAccent(input_[at_], peek(1))) return false;
  if (!letter.empty()) MarkToken();
  at_ += 2;
  for (const char c : letter) Put(c);
  return true;
}

void ReplyText::ReadHigh() {
  if (ReadLetter()) return;
  const auto first = static_cast<unsigned char>(input_[at_]);
  const auto second = static_cast<unsigned char>(peek(1));
  const auto third = static_cast<unsigned char>(peek(2));
  char ascii = '\0';
  std::size_t length = 3;
  if (first == 0xe2 && second == 0x80) {
    if (third == 0xa6) {
      at_ += 3;
      for (int i = 0; i < 3; ++i) Put('.');
      return;
    }
    ascii = AsciiOf(second, third, false);
  } else if (first == 0xef && (second == 0xbc || second == 0xbd) && third >= 0x80) {
    ascii = AsciiOf(second, third, true);
  } else if (first == 0xe3 && second == 0x80 && third == 0x80) {
    ascii = ' ';
  } else if (first == 0xc2 && second == 0xa0) {
    ascii = ' ';
    length = 2;
  }
  if (ascii == '\0') {
    MarkToken();
    return Copy(1);
  }
  at_ += length;
  if (ascii == '\1') return;
  if (ascii != ' ') {
    Put(ascii);
  } else if (words_size_ > 0 && words_[words_size_ - 1] != ' ') {
    words_[words_size_++] = ' ';
  }
  MarkToken();
}

}  // namespace bouncesight
