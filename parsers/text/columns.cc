#include "parsers/text/columns.h"

#include <algorithm>

#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

// The character at the start of `text`, which must not be empty.
std::string_view FirstCharacter(std::string_view text) {
  return text.substr(0, std::max<std::size_t>(Utf8SequenceLength(text), 1));
}

// U+2E80, the first of the East Asian characters, is e2 ba 80.
bool IsWide(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() < 3) return false;
  return character.size() == 4 || byte(0) > 0xE2 || (byte(0) == 0xE2 && byte(1) >= 0xBA);
}

// What must stay together at the start of `text`: a wide character, or the letters to the next
// blank or wide character.
std::string_view FirstPiece(std::string_view text) {
  std::string_view piece = FirstCharacter(text);
  if (IsWide(piece) || piece == " ") return piece;
  while (piece.size() < text.size()) {
    const std::string_view next = FirstCharacter(text.substr(piece.size()));
    if (next == " " || IsWide(next)) break;
    piece = text.substr(0, piece.size() + next.size());
  }
  return piece;
}

// Marks that may not begin a line in Chinese.
bool ClosesSentence(std::string_view character) {
  for (const std::string_view mark : {"，", "。", "、", "；", "：", "！", "？", "）", "》", "」"}) {
    if (character == mark) return true;
  }
  return false;
}

}  // namespace

std::size_t TextColumns(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const std::string_view character = FirstCharacter(text);
    columns += IsWide(character) ? 2 : 1;
    text.remove_prefix(character.size());
  }
  return columns;
}

std::string PadRight(std::string_view text, std::size_t columns) {
  const std::size_t has = TextColumns(text);
  return std::string(text).append(has < columns ? columns - has : 0, ' ');
}

std::string PadLeft(std::string_view text, std::size_t columns) {
  const std::size_t has = TextColumns(text);
  return std::string(has < columns ? columns - has : 0, ' ').append(text);
}

std::string CutToColumns(std::string_view text, std::size_t columns) {
  if (TextColumns(text) <= columns) return std::string(text);
  std::size_t bytes = 0;
  std::size_t taken = 1;  // the "…"
  while (bytes < text.size()) {
    const std::string_view character = FirstCharacter(text.substr(bytes));
    taken += IsWide(character) ? 2 : 1;
    if (taken > columns) break;
    bytes += character.size();
  }
  return std::string(text.substr(0, bytes)) + "…";
}

std::string WrapText(std::string_view words, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  bool blank = false;  // seen, not written yet
  while (!words.empty()) {
    const std::string_view piece = FirstPiece(words);
    words.remove_prefix(piece.size());
    if (piece == " ") {
      blank = true;
      continue;
    }
    const std::size_t size = TextColumns(piece);
    const std::size_t gap = blank && column > indent ? 1 : 0;
    if (column > indent && column + gap + size > width && !ClosesSentence(piece)) {
      out.append(1, '\n').append(indent, ' ');
      column = indent;
    } else {
      out.append(gap, ' ');
      column += gap;
    }
    out += piece;
    column += size;
    blank = false;
  }
  return out;
}

}  // namespace bouncesight
