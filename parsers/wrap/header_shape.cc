#include "parsers/wrap/header_shape.h"

#include <algorithm>
#include <bit>

#include "parsers/text/bytes16.h"
#include "parsers/text/timestamp.h"

namespace bouncesight {
namespace {

constexpr std::size_t kStep = 16;
// The tag and the blank behind it stand within so many bytes: "postfix/postscreen[123456]: ".
constexpr std::size_t kTagRoom = 2 * kStep;
// No plain stamp is looked for in a line that is shorter (timestamp.h).
constexpr std::size_t kShortestLine = 43;

// Splits "PROGRAM[PID]: M…" by the conditions of syslog_header.cc's ReadPlainHeader. `text` has
// kTagRoom bytes at least. 0: it is no such tag; else the length of the tag, and that of its
// program.
std::size_t TagLength(std::string_view text, std::size_t& program) {
  const char* const at = text.data();
  const std::uint32_t blanks = EqualMask16(at, ' ') | EqualMask16(at + kStep, ' ') << kStep;
  if (blanks == 0) return 0;
  const auto size = static_cast<std::size_t>(std::countr_zero(blanks));
  if (size < 5 || size + 1 >= text.size() || at[size - 1] != ':' || at[size - 2] != ']' ||
      at[size + 1] == ' ' || at[size + 1] == '[') {
    return 0;
  }
  const std::uint32_t digits = DigitMask16(at) | DigitMask16(at + kStep) << kStep;
  const std::uint32_t others = ~digits & ((std::uint32_t{1} << (size - 2)) - 1);
  if (others <= 1) return 0;  // digits from the start
  program = static_cast<std::size_t>(std::bit_width(others)) - 1;
  return at[program] == '[' && program != size - 3 ? size : 0;
}

}  // namespace

void HeaderShape::Learn(std::string_view line, const Record& record) {
  // A header that is read otherwise keeps what stands behind its stamp, too.
  const bool plain = record.behind_stamp.empty() && record.time.data() == line.data() &&
                     PlainTimestampLength(line) == record.time.size();
  const std::size_t size = record.time.size() + 1 + record.host.size() + 1;
  if (!plain || record.time.empty() || size > kMostBytes) return;
  size_ = size;
  stamp_ = record.time.size();
  std::transform(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(size), shape_.begin(),
                 [](char c) { return IsDigit(c) ? '0' : c; });
}

// Why a line of the same shape has a plain stamp: the stamp's form and the first byte behind it are
// the shape's. The two blanks that would tell of a second stamp, three bytes apart, would need a
// tag of less than five bytes between them.
bool HeaderShape::Read(std::string_view line, Record& record) const {
  if (size_ == 0 || line.size() < std::max(kShortestLine, size_ + kTagRoom)) return false;
  for (std::size_t at = 0; at < size_; at += kStep) {
    const std::size_t rest = size_ - at;
    const std::uint32_t wanted = rest >= kStep ? 0xFFFFU : (std::uint32_t{1} << rest) - 1;
    if ((ShapeMask16(line.data() + at, shape_.data() + at) & wanted) != wanted) return false;
  }
  const std::string_view text = line.substr(size_);
  std::size_t program = 0;
  const std::size_t tag = TagLength(text, program);
  if (tag == 0) return false;
  record.time = line.substr(0, stamp_);
  record.host = line.substr(stamp_ + 1, size_ - stamp_ - 2);
  record.program = text.substr(0, program);
  record.message = text.substr(tag + 1);
  return true;
}

// The most that is looked at is the tag's room and one step behind it.
std::string_view HeaderShape::GuessFirstWord(std::string_view text) const {
  if (size_ == 0 || text.size() < size_ + kTagRoom + 1 + kStep) return {};
  const char* const tag = text.data() + size_;
  const std::uint32_t blanks = EqualMask16(tag, ' ') | EqualMask16(tag + kStep, ' ') << kStep;
  if (blanks == 0) return {};
  const char* const word = tag + std::countr_zero(blanks) + 1;
  const std::uint32_t colons = EqualMask16(word, ':');
  return {word, colons == 0 ? 0 : static_cast<std::size_t>(std::countr_zero(colons))};
}

}  // namespace bouncesight
