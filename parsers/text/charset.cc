#include "parsers/text/charset.h"

#include <algorithm>
#include <cstdint>

#include <iconv.h>

#include "parsers/text/bytes16.h"
#include "parsers/text/text.h"
#include "parsers/text/unseen.h"

namespace bouncesight {
namespace {

// The byte that "#ooo" at the start of `text` stands for, or -1.
int EscapedByte(std::string_view text) {
  if (text.size() < 4 || text[0] != '#' || text[1] > '3' || !IsOctalDigit(text[1]) ||
      !IsOctalDigit(text[2]) || !IsOctalDigit(text[3])) {
    return -1;
  }
  if (text.size() > 4 && IsDigit(text[4])) return -1;  // "#0123": a number of somebody's
  return (text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0');
}

// rsyslog escapes control characters and, if told so, the upper half. "#300" alone may well be a
// ticket's number, so bytes of the upper half count only where two stand together.
bool StandsForByte(std::string_view text, bool after_escape) {
  const int byte = EscapedByte(text);
  if (byte < 0) return false;
  if (byte < 32 || byte == 127) return true;
  return byte >= 128 && (after_escape || EscapedByte(text.substr(4)) >= 128);
}

bool HasEscapes(std::string_view text) {
  for (std::size_t at = FindOrEnd(text, '#'); at < text.size();
       at += 1 + FindOrEnd(text.substr(at + 1), '#')) {
    if (StandsForByte(text.substr(at), false)) return true;
  }
  return false;
}

// Blanks for steering characters, '?' for bytes that are no UTF-8. `to` has room for as much.
std::size_t Sanitise(std::string_view text, char* to) {
  std::size_t written = 0;
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) {
      to[written++] = '?';
    } else if (IsSteering(text.substr(0, length))) {
      to[written++] = ' ';
    } else {
      std::memmove(to + written, text.data(), length);
      written += length;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return written;
}

std::size_t Unescape(std::string_view text, char* to) {
  std::size_t written = 0;
  bool after_escape = false;
  while (!text.empty()) {
    after_escape = StandsForByte(text, after_escape);
    to[written++] = after_escape ? static_cast<char>(EscapedByte(text)) : text[0];
    text.remove_prefix(after_escape ? 4 : 1);
  }
  return written;
}

// Each byte is the code point of the same number; 0x80 to 0x9F end up as C1 and are blanked.
std::size_t Latin1ToUtf8(std::string_view text, char* to) {
  std::size_t written = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      to[written++] = c;
    } else {
      to[written++] = static_cast<char>(0xC0 | (byte >> 6));
      to[written++] = static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return written;
}

const iconv_t kNoConverter = reinterpret_cast<iconv_t>(-1);

// What cannot be converted becomes '?', a byte at a time. 0: there is no such converter.
std::size_t IconvToUtf8(iconv_t converter, std::string_view text, char* to, std::size_t room) {
  if (converter == kNoConverter) return 0;
  iconv(converter, nullptr, nullptr, nullptr, nullptr);
  char* in = const_cast<char*>(text.data());  // iconv takes char** and does not write there
  std::size_t in_left = text.size();
  char* out = to;
  std::size_t out_left = room;
  while (in_left > 0) {
    if (iconv(converter, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1)) break;
    if (out_left < 8 || in_left == 0) break;
    *out++ = '?';
    --out_left;
    ++in;
    --in_left;
  }
  return room - out_left;
}

// What PlainMask16 says of one byte.
bool IsPlainByte(char c) { return c >= ' ' && c < 0x7F && c != '#'; }

}  // namespace

bool IsPlainText(std::string_view text) {
  constexpr std::size_t kStep = 16;
  if (text.size() < kStep) return std::all_of(text.begin(), text.end(), IsPlainByte);
  for (std::size_t at = 0; at + kStep < text.size(); at += kStep) {
    if (PlainMask16(text.data() + at) != 0xFFFF) return false;
  }
  // Overlaps what was looked at.
  return PlainMask16(text.data() + text.size() - kStep) == 0xFFFF;
}

bool IsCleanText(std::string_view text) {
  if (IsPlainText(text)) return true;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = Utf8SequenceLength(rest);
    if (length == 0 || IsSteering(rest.substr(0, length))) return false;
    rest.remove_prefix(length);
  }
  return !HasEscapes(text);
}

TextCleaner::~TextCleaner() {
  for (void* converter : {gb18030_, big5_}) {
    if (converter != nullptr && converter != kNoConverter) iconv_close(converter);
  }
}

std::string_view TextCleaner::Convert(std::string_view text, Encoding encoding, TextRoom& texts) {
  const std::size_t room = text.size() * 3 + 16;
  char* to = texts.Room(room);
  if (to == nullptr) return {};
  if (encoding == Encoding::kLatin1) return {to, Latin1ToUtf8(text, to)};
  const bool big5 = encoding == Encoding::kBig5;
  void*& converter = big5 ? big5_ : gb18030_;
  if (converter == nullptr) converter = iconv_open("UTF-8", big5 ? "BIG5" : "GB18030");
  return {to, IconvToUtf8(converter, text, to, room)};
}

std::string_view TextCleaner::Clean(std::string_view text, TextRoom& texts) {
  if (IsCleanText(text)) return text;
  if (HasEscapes(text)) {
    char* room = texts.Room(text.size());
    if (room == nullptr) return {};
    text = texts.Commit(Unescape(text, room));
  }
  if (const Encoding encoding = GuessEncoding(text); encoding != Encoding::kUtf8) {
    const std::string_view converted = Convert(text, encoding, texts);
    // Converted in place: what Sanitise writes never overtakes what it reads.
    if (!converted.empty()) text = converted;
  }
  char* room = texts.Room(text.size());
  if (room == nullptr) return {};
  return texts.Commit(Sanitise(text, room));
}

}  // namespace bouncesight
