#include "parsers/reason/reply_recipient.h"

#include <algorithm>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// What is said of recipients alone.
bool SpeaksOfARecipient(std::string_view words) {
  static constexpr std::string_view kStarts[] = {
      "recipient",    "user ",        "mailbox",     "unknown user", "unknown recipient",
      "no such user", "no such mail", "invalid rec", "relay access", "relaying denied",
      "user unknown", "account",      "over quota",  "quota"};
  return std::ranges::any_of(
      kStarts, [words](std::string_view start) { return FindNoCase(words, start) == 0; });
}

}  // namespace

std::string_view RecipientNamedBy(const Reply& reply) {
  if (reply.phase == Phase::kMail) return {};
  constexpr std::size_t kMostCodes = 16;
  std::string_view text = reply.text;
  const std::size_t codes = text.find_first_not_of("0123456789.-# ");
  if (codes > kMostCodes || text[codes] != '<') return {};
  text.remove_prefix(codes);
  std::string_view address;
  if (!TakeAddress(text, address) || address.find('@') == address.npos) return {};
  const std::size_t words = text.find_first_not_of(">:., ");
  return words != text.npos && SpeaksOfARecipient(text.substr(words, 24)) ? address
                                                                          : std::string_view();
}

}  // namespace bouncesight
