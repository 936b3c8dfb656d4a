#include "parsers/text/text.h"

namespace bouncesight {

double ParseSeconds(std::string_view text) {
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

}  // namespace bouncesight
