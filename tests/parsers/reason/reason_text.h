// A Reason as one line of text, for tables of samples.
#pragma once

#include <string>

#include "parsers/reason/reason.h"

namespace bouncesight {

// "to=a@example.com remote=mx.example.com[192.0.2.1]:25 code=550 5.1.1 phase=rcpt said=…", or
// "own=…" for our own MTA's words, "text=…" where the speaker is not known.
inline std::string ReasonText(const Reason& reason) {
  std::string text;
  if (!reason.recipient.empty()) text.append("to=").append(reason.recipient).append(" ");
  if (!reason.remote_host.empty() || !reason.remote_ip.empty()) {
    text.append("remote=").append(reason.remote_host);
    if (!reason.remote_ip.empty()) text.append("[").append(reason.remote_ip).append("]");
    if (reason.remote_port != 0) text.append(":").append(std::to_string(reason.remote_port));
    text.append(" ");
  }
  const Reply& reply = reason.reply;
  if (reply.code != 0) text.append("code=").append(std::to_string(reply.code)).append(" ");
  EnhancedCodeText buffer;
  if (reply.enhanced.present()) text.append(FormatEnhancedCode(reply.enhanced, buffer)).append(" ");
  if (reply.phase != Phase::kUnknown) {
    text.append("phase=").append(PhaseName(reply.phase)).append(" ");
  }
  if (reply.origin == Origin::kRemote) text.append("said=");
  if (reply.origin == Origin::kLocal) text.append("own=");
  if (reply.origin == Origin::kUnknown) text.append("text=");
  return text.append(reply.text);
}

}  // namespace bouncesight
