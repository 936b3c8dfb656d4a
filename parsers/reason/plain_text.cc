#include "parsers/reason/plain_text.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "parsers/reason/html_text.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/charset_guess.h"
#include "parsers/text/recode.h"
#include "parsers/text/scan.h"
#include "parsers/text/unseen.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

// UTF-16 by its byte order mark, or by the zeros that stand at every second place of Western text.
std::string_view Utf16Name(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) return "UTF-16LE";
  if (bytes.starts_with("\xFE\xFF")) return "UTF-16BE";
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < bytes.size(); ++i) zeros[i % 2] += bytes[i] == '\0' ? 1 : 0;
  const std::size_t many = bytes.size() / 5;
  if (bytes.size() < 8 || bytes.size() % 2 != 0) return {};
  if (zeros[1] > many && zeros[0] < many / 8 + 1) return "UTF-16LE";
  if (zeros[0] > many && zeros[1] < many / 8 + 1) return "UTF-16BE";
  return {};
}

std::string_view CharsetOf(std::string_view bytes) {
  if (const std::string_view name = Utf16Name(bytes); !name.empty()) return name;
  if (bytes.find("\x1B$B") != bytes.npos || bytes.find("\x1B$@") != bytes.npos)
    return "ISO-2022-JP";
  switch (GuessEncoding(bytes)) {
    case Encoding::kGb18030:
      return "GB18030";
    case Encoding::kBig5:
      return "BIG5-HKSCS";
    case Encoding::kLatin1:
      return "WINDOWS-1252";
    case Encoding::kUtf8:
      break;
  }
  return {};
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

// CR LF and a lone CR are line ends; other control characters steer terminals.
std::string WithoutControls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      if (i + 1 == text.size() || text[i + 1] != '\n') out += '\n';
    } else {
      out += IsControl(text[i]) ? ' ' : text[i];
    }
  }
  return out;
}

// A reference ("&#x202e;") may stand for any of them, so it is done behind their resolution.
std::string WithoutSteering(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, Utf8SequenceLength(text));
    const bool kept = text[0] == '\n' || text[0] == '\t' || !IsSteering(text.substr(0, length));
    out += kept ? text.substr(0, length) : std::string_view(" ");
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

bool IsBinary(std::string_view bytes) {
  if (!Utf16Name(bytes).empty()) return false;
  const std::string_view head = bytes.substr(0, 4096);
  const auto odd = std::ranges::count_if(
      head, [](char c) { return IsControl(c) && c != '\r' && c != '\f' && c != '\x1B'; });
  return head.find('\0') != head.npos || static_cast<std::size_t>(odd) * 10 > head.size();
}

std::string WithoutColours(std::string_view bytes) {
  constexpr std::string_view kStart = "\x1B[";
  std::string out;
  out.reserve(bytes.size());
  while (true) {
    const std::size_t at = bytes.find(kStart);
    out.append(bytes.substr(0, at));
    if (at == bytes.npos) return out;
    bytes.remove_prefix(at + kStart.size());
    bytes.remove_prefix(std::min(bytes.find_first_not_of("0123456789;?"), bytes.size()));
    // Anything else is no end of a sequence, and may be the start of a character.
    if (!bytes.empty() && bytes[0] >= '@' && bytes[0] <= '~') bytes.remove_prefix(1);
  }
}

std::string ToPlainText(std::string_view bytes) {
  const std::optional<std::string> recoded = Recode(bytes, CharsetOf(bytes));
  std::string text = WithoutControls(WithoutColours(ToUtf8(recoded ? *recoded : bytes)));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return Unquote(WithoutSteering(LooksLikeHtml(text) ? HtmlToText(text) : ResolveReferences(text)));
}

}  // namespace bouncesight
