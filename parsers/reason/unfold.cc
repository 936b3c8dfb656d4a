#include "parsers/reason/unfold.h"

#include <cstddef>

#include "parsers/reason/text_lines.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// Bytes of white space at the start of `text`; 0: none. U+00A0, U+2000 to U+200B, U+2028, U+2029,
// U+202F, U+3000 and U+FEFF are white space, too.
std::size_t WhiteSpace(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) == ' ' || (byte(0) >= '\t' && byte(0) <= '\r')) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE3\x80\x80") || text.starts_with("\xEF\xBB\xBF")) return 3;
  if (text.size() < 3 || !text.starts_with("\xE2\x80")) return 0;
  const bool blank = byte(2) <= 0x8B || byte(2) == 0xA8 || byte(2) == 0xA9 || byte(2) == 0xAF;
  return blank ? 3 : 0;
}

// Four of five lines that hold anything begin with '>'.
bool IsQuoted(std::string_view text) {
  std::size_t quoted = 0;
  std::size_t all = 0;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (Strip(line).empty()) continue;
    ++all;
    if (line.starts_with('>')) ++quoted;
  }
  return quoted * 5 >= all * 4 && quoted > 0;
}

}  // namespace

std::string Unfold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t blank = WhiteSpace(text);
    if (blank == 0) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    if (!out.empty() && out.back() != ' ') out += ' ';
    text.remove_prefix(blank);
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string Unquote(std::string text) {
  for (int level = 0; level < 4 && IsQuoted(text); ++level) {
    std::string bare;
    std::string_view rest = text;
    while (!rest.empty()) {
      std::string_view line = TakeLine(rest);
      if (Consume(line, ">")) Consume(line, " ");
      bare.append(line).append(1, '\n');
    }
    text = std::move(bare);
  }
  return text;
}

}  // namespace bouncesight
