// Walking a text of several lines.
#pragma once

#include <string_view>

namespace bouncesight {

// Takes the next line off `text`, without its end (LF, CRLF). The view is into `text`.
inline std::string_view TakeLine(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  std::string_view line = text.substr(0, newline);
  text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace bouncesight
