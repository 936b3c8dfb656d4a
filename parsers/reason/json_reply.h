// What an object of JSON says of one mail, as mail services send it to a web hook: the code and the
// words stand under keys of their own, and neither goes beyond its string.
//
//   {"delivery-status":{"code":550,"message":"5.1.1 user unknown"}}             Mailgun
//   {"reason":"550 user unknown","status":"5.1.1","event":"bounce"}              SendGrid
//   {"bouncedRecipients":[{"diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}    Amazon SES
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bouncesight {

struct JsonReply {
  std::string words;       // for ParseReason: the codes, and what the remote host said
  bool delivered = false;  // it tells of mail that was delivered or taken; no words then
};

// nullopt: `text` is not JSON, or no key that is known holds a code or words with one. Linear.
std::optional<JsonReply> ReplyInJson(std::string_view text);

}  // namespace bouncesight
