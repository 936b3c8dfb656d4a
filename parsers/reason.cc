#include "parsers/reason.h"

namespace bouncesight {

Reason ParseReason(std::string_view text) {
  Reason reason;
  reason.reply = ParseReply(text);
  return reason;
}

}  // namespace bouncesight
