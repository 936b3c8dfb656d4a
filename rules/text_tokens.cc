#include "rules/text_tokens.h"

#include <algorithm>

#include "parsers/text/ascii.h"
#include "rules/top_level_domains.h"

namespace bouncesight {
namespace {

// A word that a sentence begins with: "Please", "No".
bool IsCapitalised(std::string_view label) {
  return label.size() >= 2 && IsUpper(label[0]) && IsLower(label[1]);
}

// Every label non-empty; the last one a top-level domain.
bool IsHost(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.find("..") != std::string_view::npos) {
    return false;
  }
  const std::string_view last = text.substr(dot + 1);
  if (!IsTopLevelDomain(last)) return false;
  return !(IsCapitalised(last) && IsLower(text[dot - 1]));
}

}  // namespace

std::size_t Ipv4Length(std::string_view text) {
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (at >= text.size() || text[at] != '.') return 0;
      ++at;
    }
    const std::size_t start = at;
    int value = 0;
    while (at < text.size() && at - start < 4 && IsDigit(text[at])) {
      value = value * 10 + (text[at++] - '0');
    }
    if (at == start || at - start > 3 || value > 255) return 0;
  }
  const bool runs_on = at < text.size() && (ByteClass(text[at]) & (kDigit | kLetter)) != 0;
  const bool fifth = at + 1 < text.size() && text[at] == '.' && IsDigit(text[at + 1]);
  return runs_on || fifth ? 0 : at;
}

std::size_t Ipv6Length(std::string_view text) {
  std::size_t at = 0;
  int groups = 0;
  int colons = 0;
  bool gap = false;
  bool digit = false;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && IsHexDigit(text[end])) digit |= IsDigit(text[end++]);
    if (end - at > 4) return 0;
    if (end > at && end < text.size() && text[end] == '.') {
      const std::size_t ipv4 = Ipv4Length(text.substr(at));
      if (ipv4 != 0) {
        at += ipv4;
        groups += 2;
        break;
      }
    }
    groups += end > at ? 1 : 0;
    if (groups > 8) return 0;  // and however long it goes on: a reply of these is asked at each
    at = end;
    if (at + 1 < text.size() && text[at] == ':' && text[at + 1] == ':' && !gap) {
      gap = true;
      colons += 2;
      at += 2;
    } else if (at + 1 < text.size() && text[at] == ':' && IsHexDigit(text[at + 1]) && end > 0) {
      ++colons;
      ++at;
    } else {
      break;
    }
  }
  const bool runs_on = at < text.size() && (ByteClass(text[at]) & (kDigit | kLetter)) != 0;
  const bool whole = gap ? groups >= 1 && groups <= 7 : groups == 8;
  return whole && colons >= 2 && digit && !runs_on ? at : 0;
}

std::size_t HostLength(std::string_view text) {
  if (IsHost(text)) return text.size();
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return 0;
  const bool glued = dot + 1 < text.size() && IsUpper(text[dot + 1]);
  return glued && IsHost(text.substr(0, dot)) ? dot : 0;
}

std::size_t UrlLength(std::string_view text) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if ((ByteClass(c) & (kBlank | kHigh)) != 0) break;
    if (std::string_view("<>\"'`()[]{}\\|^").find(c) != std::string_view::npos) break;
  }
  while (at > 0 && std::string_view(".,;:!?").find(text[at - 1]) != std::string_view::npos) --at;
  return at;
}

namespace {

// "0x800CCC0F": Windows' way to say what went wrong.
bool IsErrorNumber(std::string_view run) {
  constexpr std::size_t kSize = 10;
  return run.size() == kSize && run[0] == '0' && (run[1] | 0x20) == 'x' &&
         std::ranges::all_of(run.substr(2), IsHexDigit);
}

}  // namespace

bool IsOpaqueId(std::string_view run) {
  std::size_t changes = 0;  // between letter and digit
  std::size_t humps = 0;    // lower to upper case
  std::size_t capitals = 0;
  std::size_t digits = 0;
  std::size_t joints = 0;
  char last = 0;
  for (const char c : run) {
    const std::uint8_t kind = ByteClass(c);
    if ((kind & (kLetter | kDigit)) == 0) {
      ++joints;
      continue;
    }
    const bool digit = kind == kDigit;
    digits += digit ? 1 : 0;
    if (last != 0 && IsDigit(last) != digit) ++changes;
    if (IsLower(last) && IsUpper(c)) ++humps;
    capitals += IsUpper(c) ? 1 : 0;
    last = c;
  }
  const std::size_t size = run.size();
  if (size < 6 || IsErrorNumber(run)) return false;
  // Words in a row ("MapiExceptionMailboxQuotaExceededException") have few capitals.
  if (digits == 0) return size >= 16 && humps >= 5 && capitals * 4 > size;
  return changes >= 3 || (changes >= 2 && size >= 10) ||
         (changes >= 1 && size >= 11 && digits >= 4 && joints == 0);
}

}  // namespace bouncesight
