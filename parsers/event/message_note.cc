#include "parsers/event/message_note.h"

#include <cstddef>

namespace bouncesight {

std::string_view NoteKindName(NoteKind kind) {
  static constexpr std::string_view kNames[] = {"arrival", "facts",    "handed_on", "notice",
                                                "held",    "released", "end"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace bouncesight
