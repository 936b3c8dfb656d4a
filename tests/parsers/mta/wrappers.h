// What generated lines travel in (generated_line.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/parsers/mta/generated_line.h"

namespace bouncesight {

struct Wrapper {
  std::string_view name;
  // One line, or several for a runtime that cuts lines: only the last gives the event.
  std::vector<std::string> (*wrap)(const GeneratedLine& line);
};

// Those that change nothing but the time stamp's form.
const std::vector<Wrapper>& AllWrappers();

// Others: what a tool puts before a line, records of several lines, layers in layers. What is read
// out of them may be another host's or program's, or nothing.
const std::vector<Wrapper>& OuterWrappers();

// `text` between quotes. Bytes of the upper half go through as they are, as rsyslog lets them.
std::string JsonQuoted(std::string_view text, bool escape_slash = false);

}  // namespace bouncesight
