#include "parsers/text/text.h"

namespace bouncesight {

namespace {

double ParseManyDigits(std::string_view text) {
  double value = 0;
  double scale = 0;  // 0 before the point
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '.' && scale == 0) {
      scale = 1;
    } else if (IsDigit(c)) {
      value = value * 10 + (c - '0');
      scale *= 10;
      ++digits;
    } else {
      return -1;
    }
  }
  if (digits == 0 || digits > 18) return -1;
  return scale > 1 ? value / scale : value;
}

}  // namespace

// Of so few digits both sides of the point are exact as whole numbers, which are quicker than a
// chain of doubles.
double ParseSeconds(std::string_view text) {
  if (text.size() > 15) return ParseManyDigits(text);
  std::uint64_t value = 0, scale = 0, digits = 0;  // scale: 0 before the point
  for (const char c : text) {
    if (c == '.' && scale == 0) {
      scale = 1;
    } else if (IsDigit(c)) {
      value = value * 10 + static_cast<unsigned char>(c - '0');
      scale *= 10;
      ++digits;
    } else {
      return -1;
    }
  }
  if (digits == 0) return -1;
  const auto whole = static_cast<double>(value);
  return scale > 1 ? whole / static_cast<double>(scale) : whole;
}

}  // namespace bouncesight
