// Tables of words that tell at which step of a session a reply came.
#pragma once

#include <span>
#include <string_view>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {

struct PhaseWords {
  std::string_view words;
  Phase phase;
};

// The phase of the first row whose words `text` starts with; kUnknown: of none.
inline Phase PhaseOfStart(std::string_view text, std::span<const PhaseWords> table) {
  for (const PhaseWords& row : table) {
    if (text.starts_with(row.words)) return row.phase;
  }
  return Phase::kUnknown;
}

// The phase of the last row whose words stand anywhere in `text`; kUnknown: of none.
inline Phase PhaseWithin(std::string_view text, std::span<const PhaseWords> table) {
  Phase phase = Phase::kUnknown;
  for (const PhaseWords& row : table) {
    if (text.find(row.words) != std::string_view::npos) phase = row.phase;
  }
  return phase;
}

}  // namespace bouncesight
