#include "parsers/reason/handed_on.h"

#include <cstddef>

#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr std::size_t kShortest = 5, kLongest = 40;

bool IsIdByte(char c) { return IsAlnum(c) || c == '-' || c == '.' || c == '_'; }

// The word at the start of `text`, if it can be a queue id: one has a digit.
std::string_view IdAt(std::string_view text) {
  std::size_t end = 0;
  bool digit = false;
  while (end < text.size() && IsIdByte(text[end])) digit = IsDigit(text[end++]) || digit;
  while (end > 0 && text[end - 1] == '.') --end;
  return digit && end >= kShortest && end <= kLongest ? text.substr(0, end) : std::string_view();
}

std::string_view Behind(std::string_view reply, std::string_view words) {
  const std::size_t at = reply.rfind(words);
  return at == kNotFound ? std::string_view() : IdAt(reply.substr(at + words.size()));
}

// "4ALGnUWx013960 Message accepted for delivery": the word in front.
std::string_view BeforeAccepted(std::string_view reply) {
  const std::size_t end = reply.find(" Message accepted for delivery");
  if (end == kNotFound) return {};
  const std::size_t blank = reply.rfind(' ', end - 1);
  const std::string_view word =
      end == 0 ? std::string_view() : reply.substr(blank + 1, end - blank - 1);
  return IdAt(word).size() == word.size() ? word : std::string_view();
}

}  // namespace

std::string_view QueueIdGiven(std::string_view reply) {
  for (const std::string_view words :
       {"queued as ", "forwarded as ", " id=", " ids=", "Message Queued ("}) {
    const std::string_view id = Behind(reply, words);
    if (!id.empty()) return id;
  }
  return BeforeAccepted(reply);
}

}  // namespace bouncesight
