#include "parsers/text/scan.h"

#include <algorithm>
#include <bit>

#include "parsers/text/bytes16.h"

namespace bouncesight {
namespace {

constexpr bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
constexpr std::size_t kStep = 16;  // of bytes16.h

}  // namespace

bool StartsWithNoCase(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (ToLower(text[i]) != ToLower(prefix[i])) return false;
  }
  return true;
}

bool SameNoCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && StartsWithNoCase(a, b);
}

bool ConsumeNoCase(std::string_view& text, std::string_view prefix) {
  if (!StartsWithNoCase(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Sixteen places a step: where the first and the last byte of the needle stand as far apart as they
// should, it is compared. The last step looks again at some that the one before has seen.
std::size_t FindNoCase(std::string_view text, std::string_view needle) {
  if (text.size() < needle.size()) return std::string_view::npos;
  const std::size_t places = text.size() - needle.size() + 1;
  const char* const ends = text.data() + needle.size() - 1;
  std::size_t at = 0;
  while (places >= kStep && at < places) {
    at = std::min(at, places - kStep);
    std::uint32_t mask =
        CaselessMask16(text.data() + at, needle.front()) & CaselessMask16(ends + at, needle.back());
    for (; mask != 0; mask &= mask - 1) {
      const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(mask));
      if (StartsWithNoCase(text.substr(place), needle)) return place;
    }
    at += kStep;
  }
  for (; at < places; ++at) {
    if (StartsWithNoCase(text.substr(at), needle)) return at;
  }
  return std::string_view::npos;
}

// There is seldom more than one: find_first_not_of would call memchr for each byte.
std::string_view StripLeft(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view StripRight(std::string_view text) {
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view Strip(std::string_view text) { return StripRight(StripLeft(text)); }

std::string_view TakeBefore(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text = at == std::string_view::npos ? text.substr(text.size()) : text.substr(at + end.size());
  return taken;
}

std::uint32_t TakeNumber(std::string_view& text, std::uint32_t limit) {
  std::uint64_t value = 0;
  std::size_t at = 0;
  for (; at < text.size() && IsDigit(text[at]); ++at) {
    value = value * 10 + static_cast<unsigned>(text[at] - '0');
    if (value > limit) value = limit;
  }
  text.remove_prefix(at);
  return static_cast<std::uint32_t>(value);
}

std::size_t ClosingAngle(std::string_view text) {
  const std::size_t plain = FindNear(text, '>');
  const bool found = plain < text.size();
  if (found && FindNear(text.substr(0, plain), '"') == plain) return plain;
  bool quoted = false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\' && quoted) {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == '>' && !quoted) {
      return at;
    }
  }
  // An odd quote, as in <o"neil@example.com>: the first bracket it is.
  return quoted && found ? plain : std::string_view::npos;
}

std::size_t ClosingQuote(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at;
    }
  }
  return std::string_view::npos;
}

std::size_t CountOf(std::string_view text, char c) {
  std::size_t count = 0;
  for (std::size_t at = text.find(c); at != std::string_view::npos; at = text.find(c, at + 1)) {
    ++count;
  }
  return count;
}

double ParseDuration(std::string_view text) {
  double total = 0;
  while (!text.empty()) {
    if (!IsDigit(text[0])) return -1;
    double value = TakeNumber(text);
    if (Consume(text, ".")) {
      double place = 1;
      for (; !text.empty() && IsDigit(text[0]); text.remove_prefix(1)) {
        place /= 10;
        value += place * (text[0] - '0');
      }
    }
    if (text.empty()) return -1;
    switch (text[0]) {
      case 'w':
        total += value * 604800;
        break;
      case 'd':
        total += value * 86400;
        break;
      case 'h':
        total += value * 3600;
        break;
      case 'm':
        total += value * 60;
        break;
      case 's':
        total += value;
        break;
      default:
        return -1;
    }
    text.remove_prefix(1);
  }
  return total;
}

bool LooksLikeIp(std::string_view text) {
  std::size_t dots = 0;
  std::size_t colons = 0;
  for (const char c : text) {
    if (c == '.') {
      ++dots;
    } else if (c == ':') {
      ++colons;
    } else if (!IsHexDigit(c)) {
      return false;
    }
  }
  if (colons >= 2) return true;
  return colons == 0 && dots == 3 && IsDigit(text[0]) && IsDigit(text[text.size() - 1]);
}

std::string_view TakeListedAddress(std::string_view& list) {
  const std::string_view head = list.substr(0, kLongestAddress);
  std::size_t close = std::string_view::npos;
  if (head.starts_with('<')) close = ClosingAngle(head);
  if (head.starts_with('"')) close = ClosingQuote(head);
  const bool closed = close != std::string_view::npos;
  const std::size_t end = std::min(list.find_first_of(",; ", closed ? close : 0), list.size());
  const bool bracketed = closed && head.starts_with('<');
  const std::string_view address = bracketed ? list.substr(1, close - 1) : list.substr(0, end);
  list.remove_prefix(std::min(list.find_first_not_of(",; ", end), list.size()));
  return address;
}

}  // namespace bouncesight
