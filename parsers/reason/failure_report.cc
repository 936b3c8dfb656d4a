#include "parsers/reason/failure_report.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "parsers/reason/bounce_sections.h"
#include "parsers/reason/bounce_text_notice.h"
#include "parsers/reason/delivery_status.h"
#include "parsers/reason/json_recipient.h"
#include "parsers/reason/mail_text.h"
#include "parsers/reason/mbox.h"
#include "parsers/reason/notice_kind.h"
#include "parsers/reason/plain_text.h"
#include "parsers/reason/queue_listing.h"
#include "parsers/reason/reason.h"
#include "parsers/reason/text_lines.h"
#include "parsers/reason/transcript.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

using Failures = std::vector<ReportedFailure>;

bool HasCode(std::string_view words) { return ParseReason(words).reply.code != 0; }

ReportedFailure* FindRecipient(Failures& all, std::string_view recipient) {
  const auto found = std::ranges::find_if(
      all, [&](const ReportedFailure& one) { return SameNoCase(one.recipient, recipient); });
  return found == all.end() ? nullptr : &*found;
}

// "Message will be retried for 2 more day(s)": the reason stands further down.
bool SaysHowLongAlone(std::string_view words) {
  return StartsWithNoCase(words, "message will be retried for ") && words.size() < 60;
}

// Words that several recipients share are copied for each: no more of them than a reply has.
std::string Shared(std::string words, std::size_t recipients) {
  constexpr std::size_t kMostBytes = 4096;
  if (recipients > 1 && words.size() > kMostBytes) words.resize(kMostBytes);
  return words;
}

// "ann@example.com", "bob@example.com", and one reason in a paragraph below them. A transcript
// tells of each.
void ShareBelow(std::string_view text, std::vector<BounceSection>& sections) {
  if (text.find("<<< ") != kNotFound) return;
  for (std::size_t i = sections.size(); i-- > 1;) {
    if (!sections[i].apart || !sections[i - 1].words.empty()) continue;
    sections[i - 1].words = Shared(sections[i].words, 2);
    sections[i - 1].apart = true;
  }
}

// One entry a recipient, the part with a reply before one without: Exchange has a paragraph for
// people, then one for administrators.
Failures FromSections(std::string_view text) {
  Failures all;
  std::vector<BounceSection> sections = SplitBounce(text);
  ShareBelow(text, sections);
  for (BounceSection& section : sections) {
    if (SaysHowLongAlone(section.words)) section.words.clear();
    ReportedFailure* const known = FindRecipient(all, section.recipient);
    if (known == nullptr) {
      ReportedFailure one;
      one.recipient = std::move(section.recipient);
      one.words = std::move(section.words);
      all.push_back(std::move(one));
    } else if (known->words.empty() || (!HasCode(known->words) && HasCode(section.words))) {
      known->words = std::move(section.words);
    }
  }
  return all;
}

// More than its codes: "550 5.1.10" in a table leaves the words to another paragraph.
bool HasCodeAndWords(std::string_view paragraph) {
  const Reply reply = ParseReason(paragraph).reply;
  const auto in_word = [](char c) { return IsLetter(c) || static_cast<unsigned char>(c) >= 0x80; };
  return reply.code != 0 && std::ranges::any_of(reply.text, in_word);
}

// The paragraph that holds a reply, better one with words; without one the whole text.
std::string TellingWords(std::string_view text) {
  std::string whole = Unfold(text);
  if (Reason labels; ReadBounceLabels(whole, labels)) return whole;
  std::vector<std::string> all = Paragraphs(text);
  auto found = std::ranges::find_if(all, HasCodeAndWords);
  if (found == all.end()) found = std::ranges::find_if(all, HasCode);
  return found == all.end() ? whole : std::move(*found);
}

// Each look into a transcript reads all of the text, for one recipient. So many looks are taken
// that no text, whoever wrote it, is read more often than honest ones are.
std::size_t MostLooks(std::string_view text) {
  constexpr std::size_t kMostBytes = 8U << 20U;
  return std::max<std::size_t>(1, kMostBytes / std::max<std::size_t>(1, text.size()));
}

// Sendmail shortens the reply in "(reason: …)"; its transcript has all of it, host and command too.
void PreferTranscript(std::string_view text, Failures& all) {
  if (text.find("<<< ") == kNotFound) return;
  std::size_t looks = MostLooks(text);
  for (ReportedFailure& one : all) {
    if (looks-- == 0) return;
    std::string whole = ReplyInTranscript(text, one.recipient);
    const auto code = ParseReason(whole).reply.code;
    if (!one.words.empty() && code != 0 && code == ParseReason(one.words).reply.code)
      one.words = std::move(whole);
  }
}

// Recipients whose part names no reason share what the text says of all.
void FillEmpty(std::string_view text, Failures& all) {
  const auto empty = [](const ReportedFailure& one) { return one.words.empty(); };
  if (std::ranges::none_of(all, empty)) return;
  const bool shared = std::ranges::all_of(all, empty);
  const std::string words = Shared(TellingWords(text), all.size());
  std::size_t looks = MostLooks(text);
  for (ReportedFailure& one : all) {
    if (one.words.empty() && looks > 0) {
      --looks;
      one.words = ReplyInTranscript(text, one.recipient);
    }
    if (one.words.empty() && (shared || HasCode(words))) one.words = words;
  }
  std::erase_if(all, empty);
}

// The paragraph with a reply that names `recipient`: "Recipient: ann@example.com", "Reason: 550 …".
std::string OwnParagraph(const std::vector<std::string>& paragraphs, std::string_view recipient) {
  const auto own = std::ranges::find_if(paragraphs, [&](const std::string& one) {
    return FindNoCase(one, recipient) != kNotFound && HasCode(one);
  });
  return own == paragraphs.end() ? std::string() : *own;
}

Failures FromProse(std::string_view text) {
  Failures all;
  std::string words = TellingWords(text);
  if (words.empty()) return all;
  for (std::string& recipient : RecipientsInProse(text)) {
    all.emplace_back().recipient = std::move(recipient);
  }
  if (all.empty()) all.emplace_back();
  // More than one address, and words for all: which of them they meant is not said.
  words = Shared(std::move(words), all.size());
  const std::vector<std::string> paragraphs =
      all.size() > 1 ? Paragraphs(text) : std::vector<std::string>();
  std::size_t looks = MostLooks(text);
  for (ReportedFailure& one : all) {
    if (!paragraphs.empty() && looks > 0) {
      --looks;
      one.words = OwnParagraph(paragraphs, one.recipient);
    }
    if (one.words.empty()) one.words = words;
  }
  return all;
}

// Nothing but a line: the reply, with whatever is wrapped around it.
Failures FromOneLine(std::string_view text) {
  ReportedFailure one;
  one.words = DecodeWords(Unfold(text));
  if (one.words.empty()) return {};
  Failures all;
  all.push_back(std::move(one));
  return all;
}

bool IsOneLine(std::string_view text) { return Strip(text).find('\n') == kNotFound; }

// What a person reads. `subject` may say what kind of notice it is.
Failures FromWords(std::string_view words, std::string_view subject) {
  const std::string listed = RecipientsOnLines(words);
  const std::string_view whole = listed.empty() ? words : listed;
  if (IsOneLine(whole)) return FromOneLine(whole);
  const std::string_view text = WithoutCopy(whole);
  if (SpeaksOfSuccess(text)) return {};
  if (std::optional<OwnRefusal> own = OwnRefusalIn(text)) {
    ReportedFailure one;
    one.recipient = std::move(own->recipient);
    one.words = std::move(own->words);
    Failures all;
    all.push_back(std::move(one));
    return all;
  }
  Failures all = FromSections(text);
  PreferTranscript(text, all);
  FillEmpty(text, all);
  if (all.empty()) all = FromProse(text);
  const bool delayed = SpeaksOfDelay(subject) || SpeaksOfDelay(text);
  const std::string tried = delayed ? TriedAgain(text) : std::string();
  const QueueHold hold = HoldIn(text).value_or(QueueHold{});
  for (ReportedFailure& one : all) {
    one.hold = hold;
    one.words = DecodeWords(one.words);
    one.delayed = delayed;
    one.tried_again = tried;
  }
  return all;
}

// The prose's part tells the host and the step of the session, where it quotes the same reply.
void Choose(const ReportedFailure& prose, ReportedFailure& one) {
  if (prose.words.empty()) return;
  const Reason said = ParseReason(prose.words);
  const Reason reported = ParseReason(one.words);
  const bool more = !said.remote_ip.empty() || said.reply.phase != Phase::kUnknown;
  if (one.words.empty() || (said.reply.code != 0 && reported.reply.code == 0) ||
      (more && said.reply.code == reported.reply.code && said.reply.code != 0)) {
    one.words = prose.words;
    one.from_remote = false;  // ParseReason will tell
  }
}

bool IsFailure(const DeliveryStatus& status) {
  return status.action != "delivered" && status.action != "relayed" && status.action != "expanded";
}

Failures FromStatus(const std::vector<DeliveryStatus>& groups, Failures prose) {
  Failures all;
  for (const DeliveryStatus& status : groups) {
    if (!IsFailure(status)) continue;
    ReportedFailure one;
    one.recipient = status.recipient;
    one.words = status.diagnostic;
    one.remote_host = status.remote_host;
    one.remote_ip = status.remote_ip;
    one.status = status.status;
    one.from_remote = status.from_remote;
    one.delayed = status.action == "delayed";
    if (!status.retry_until.empty()) one.tried_again = "until " + status.retry_until;
    one.given_up = status.action == "failed";
    const ReportedFailure* said = FindRecipient(prose, status.recipient);
    if (said == nullptr && groups.size() == 1 && prose.size() == 1) said = prose.data();
    if (said != nullptr) Choose(*said, one);
    EnhancedCodeText code;
    if (one.words.empty()) one.words = FormatEnhancedCode(one.status, code);
    all.push_back(std::move(one));
  }
  return all;
}

Failures FromTexts(std::string_view words, std::string_view status, std::string_view subject) {
  const std::vector<DeliveryStatus> groups = ParseDeliveryStatus(status);
  Failures prose = FromWords(words, subject);
  return groups.empty() ? prose : FromStatus(groups, std::move(prose));
}

// Text without headers: a queue listing, or a bounce that may hold a report's fields.
Failures FromPlain(const std::string& text, std::string_view subject) {
  if (std::optional<std::vector<QueuedRecipient>> queue = ReadQueueListing(text)) {
    Failures all;
    for (QueuedRecipient& queued : *queue) {
      ReportedFailure one;
      one.recipient = std::move(queued.recipient);
      one.words = std::move(queued.reason);
      one.hold = std::move(queued.hold);
      one.delayed = one.queued = true;
      all.push_back(std::move(one));
    }
    return all;
  }
  Failures all;
  if (IsOneLine(text)) {
    all = FromWords(text, subject);
  } else {
    const std::size_t fields = StatusFieldsAt(text);
    const std::string_view whole = text;
    all = FromTexts(whole.substr(0, fields), whole.substr(fields), subject);
  }
  if (all.size() == 1 && all[0].recipient.empty()) all[0].recipient = RecipientInJson(text);
  return all;
}

bool SaysNothing(const Failures& all) {
  return std::ranges::none_of(
      all, [](const ReportedFailure& one) { return one.status.present() || HasCode(one.words); });
}

// A message; `depth` counts those around it.
Failures FromMail(std::string_view bytes, int depth) {
  const MailText mail = ReadMail(bytes);
  Failures all = mail.status.empty() ? FromPlain(mail.words, mail.subject)
                                     : FromTexts(mail.words, mail.status, mail.subject);
  // A bounce that somebody forwards as an attachment.
  if (SaysNothing(all) && depth < kMostForwards) {
    for (const std::string& enclosed : mail.enclosed) {
      Failures inner = FromMail(enclosed, depth + 1);
      if (!SaysNothing(inner)) return inner;
    }
  }
  if (all.size() == 1 && all[0].recipient.empty() && mail.failed_recipients.find(',') == kNotFound)
    all[0].recipient = Strip(mail.failed_recipients);
  return all;
}

}  // namespace

Failures ReadFailures(std::string_view bytes) {
  if (IsBinary(bytes)) return {};
  if (!LooksLikeMail(bytes)) {
    const std::string text = ToPlainText(bytes);
    // UTF-16 and quoted mail show what they are only now.
    return LooksLikeMail(text) ? FromMail(text, 0) : FromPlain(text, {});
  }
  Failures all;
  for (const std::string_view message : SplitMbox(bytes)) {
    for (ReportedFailure& one : FromMail(message, 0)) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace bouncesight
