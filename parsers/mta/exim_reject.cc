#include "parsers/mta/exim_reject.h"

#include <cstddef>

#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr PhaseWords kRefused[] = {
    {"RCPT ", Phase::kRcpt},
    {"MAIL ", Phase::kMail},
    {"EHLO", Phase::kEhlo},
    {"HELO", Phase::kEhlo},
    {"connection ", Phase::kConnect},
    {"DATA", Phase::kData},
    {"after DATA", Phase::kEndOfData},
    {"during MIME ACL checks", Phase::kEndOfData},
    {"during DKIM ACL checks", Phase::kEndOfData},
    {"by local_scan()", Phase::kEndOfData},
    {"by non-SMTP ACL", Phase::kEndOfData},
    {"by non-SMTP-start ACL", Phase::kEndOfData},
    {"from <", Phase::kEndOfData},
};

const PhaseWords* FindRefused(std::string_view text) {
  for (const PhaseWords& what : kRefused) {
    if (text.starts_with(what.words)) return &what;
  }
  return nullptr;
}

// Takes "WHAT: " off `text`; `address` is the one in angle brackets, or else the last word of WHAT.
void TakeWhat(std::string_view& text, std::string_view& address) {
  const std::size_t open = text.find_first_of("<:");
  if (open != std::string_view::npos && text[open] == '<') {
    const std::size_t close = ClosingAngle(text.substr(open));
    if (close != std::string_view::npos) {
      address = text.substr(open + 1, close - 1);
      text.remove_prefix(open + close + 1);
    }
  }
  const std::string_view what = TakeBefore(text, ": ");
  if (address.empty()) address = what.substr(what.rfind(' ') + 1);
}

}  // namespace

std::optional<EximReject> ReadEximReject(std::string_view text) {
  EximReject reject;
  reject.fields = TakeEximFields(text);
  Consume(text, "temporarily ");
  if (!Consume(text, "rejected ")) return std::nullopt;
  const PhaseWords* what = FindRefused(text);
  if (what == nullptr) return std::nullopt;
  std::string_view address;
  TakeWhat(text, address);
  if (what->phase == Phase::kRcpt && address.find('@') != std::string_view::npos) {
    reject.recipient = address;
  }
  reject.reply = ParseReply(Strip(text));
  reject.reply.phase = what->phase;
  reject.reply.origin = Origin::kLocal;
  return reject;
}

}  // namespace bouncesight
