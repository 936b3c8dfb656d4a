// What our own MTA says of what it met, where no peer gave a reply. Such text has no reply code,
// and none is read out of it.
#pragma once

#include <string_view>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {

// A reply without codes. Views `text`.
inline Reply OwnWords(std::string_view text, Phase phase) {
  Reply reply;
  reply.text = text;
  reply.phase = phase;
  reply.origin = Origin::kLocal;
  return reply;
}

}  // namespace bouncesight
