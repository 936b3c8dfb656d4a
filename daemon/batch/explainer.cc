#include "daemon/batch/explainer.h"

#include <algorithm>
#include <utility>

#include "daemon/batch/advice_places.h"
#include "daemon/batch/code_words.h"
#include "daemon/batch/hold_words.h"
#include "daemon/batch/notice_words.h"
#include "parsers/event/message_note.h"
#include "parsers/event/permanence.h"
#include "parsers/reason/bounce_sections.h"
#include "parsers/reason/exim_escapes.h"
#include "parsers/reason/failure_report.h"
#include "parsers/reason/json_recipient.h"
#include "parsers/reason/json_reply.h"
#include "parsers/reason/mail_text.h"
#include "parsers/reason/mbox.h"
#include "parsers/reason/plain_text.h"
#include "parsers/reason/queue_listing.h"
#include "parsers/reason/reason.h"
#include "parsers/reason/reply_list.h"
#include "parsers/reason/reply_recipient.h"
#include "parsers/reason/reply_table.h"
#include "parsers/reason/text_lines.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"
#include "parsers/text/utf8.h"

namespace bouncesight {

// What a log line, a bounce text and a delivery status all tell, each in its own places. Views of
// the text read.
struct Explainer::Found {
  Reply reply;
  std::string_view recipient;
  std::string_view remote_host;
  std::string_view remote_ip;
  std::string_view outcome;
  std::string_view sender;

  static Found From(const DeliveryEvent& event) {
    return {event.reply,
            event.recipient,
            event.relay_host,
            event.relay_ip,
            OutcomeName(event.outcome),
            event.message.sender};
  }

  static Found From(const Reason& reason) {
    return {reason.reply,
            reason.recipient,
            reason.remote_host,
            reason.remote_ip,
            reason.suspended ? "suspended" : "",
            {}};
  }

  static Found From(const ReportedFailure& failure) {
    Found found = From(ParseReason(failure.words));
    if (!failure.recipient.empty()) found.recipient = failure.recipient;
    if (found.remote_host.empty() && found.remote_ip.empty()) {
      found.remote_host = failure.remote_host;
      found.remote_ip = failure.remote_ip;
    }
    // "5.0.0" is what a mailer writes who knows no more than that it failed.
    const bool telling = failure.status.subject != 0 || failure.status.detail != 0;
    if (!found.reply.enhanced.present() && telling) found.reply.enhanced = failure.status;
    if (failure.from_remote) found.reply.origin = Origin::kRemote;
    if (failure.delayed) found.outcome = OutcomeName(Outcome::kDeferred);
    if (failure.given_up) found.outcome = OutcomeName(Outcome::kBounced);
    return found;
  }
};

namespace {

// The class of the codes tells whether another try is meant.
std::string_view OutcomeByCode(const Reply& reply) {
  const unsigned status_class = FailureClass(reply.code, reply.enhanced);
  if (status_class == 4) return OutcomeName(Outcome::kDeferred);
  if (status_class == 5) return OutcomeName(Outcome::kBounced);
  return {};
}

// Advice is a cause's; whether this mail is tried again is the reply's. Nothing that is refused for
// good waits in a queue, and of what no rule knows nobody can promise that it will pass later.
Retry RetryFor(Retry advised, CauseId cause, std::string_view outcome) {
  const bool final =
      outcome == OutcomeName(Outcome::kBounced) || outcome == OutcomeName(Outcome::kExpired);
  if (final && cause == CauseId::kUnclassified) return Retry::kNo;
  return final && advised == Retry::kYes ? Retry::kLater : advised;
}

// The fragment of a Postfix line that begins with its action: "milter-reject: END-OF-MESSAGE from
// …".
std::string WithHeader(std::string_view line) {
  const bool fragment = line.starts_with("reject: ") || line.starts_with("milter-reject: ");
  return fragment ? "postfix/smtpd[1]: NOQUEUE: " + std::string(line) : std::string(line);
}

bool IsDelivered(const ExplainedText& one) {
  return one.outcome_hint == OutcomeName(Outcome::kDelivered);
}

// Deliveries among failures need no explanation.
void KeepFailures(std::vector<ExplainedText>& all) {
  if (!std::ranges::all_of(all, IsDelivered)) std::erase_if(all, IsDelivered);
}

bool HasCode(const ExplainedText& one) { return one.code != 0 || !one.enhanced_code.empty(); }

// Whether `notice` says more of the text than the failures that were read out of it.
bool Outweighs(const Notice& notice, const std::vector<ExplainedText>& failures) {
  if (notice.kind == NoticeKind::kNone) return false;
  if (!notice.certain) return std::ranges::all_of(failures, TellsNothing);
  if (notice.kind == NoticeKind::kNoBounce)  // more than one is a list or a log
    return failures.size() <= 1 && std::ranges::none_of(failures, HasCode);
  return notice.kind != NoticeKind::kAutomaticReply || std::ranges::none_of(failures, HasCode);
}

// Takes the guess of a cause out of `one`: nothing failed, or nothing says why.
void TurnIntoNotice(NoticeKind kind, ExplainedText& one) {
  one.notice = kind;
  one.failed = kind == NoticeKind::kDelay || kind == NoticeKind::kWaiting;
  one.silent = true;
  one.advice = NoticeAdvice(kind, one.tried_again);
}

// Held mail is not tried again by itself, whatever the cause of its last attempt: what releases it
// takes the place of the cause's steps, which speak of mail that waits.
void TurnIntoHeld(QueueHold hold, ExplainedText& one) {
  one.notice = NoticeKind::kHeld;
  one.silent = TellsNothing(one);
  Advice advice = HoldAdvice(hold);
  if (!one.silent) {
    advice.en.why = std::move(one.advice.en.why);
    advice.zh.why = std::move(one.advice.zh.why);
  }
  one.advice = std::move(advice);
  one.hold = std::move(hold);
}

ExplainedText OneHeld(QueueHold hold, std::string_view line) {
  ExplainedText one;
  one.input = ToUtf8(line);
  TurnIntoHeld(std::move(hold), one);
  return one;
}

std::vector<ExplainedText> OneNotice(NoticeKind kind, std::string_view bytes) {
  std::vector<ExplainedText> all(1);
  constexpr std::size_t kShown = 400;  // a message may be large, and its end tells nothing
  all[0].input = ToUtf8(bytes.substr(0, kShown));
  TurnIntoNotice(kind, all[0]);
  return all;
}

bool IsOneLine(std::string_view text) { return Strip(text).find('\n') == std::string_view::npos; }

// Lines that were folded when they were copied: what no format knows continues the line before.
std::string JoinFolded(std::string_view text, FormatReader& reader) {
  std::string joined;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    const Parsed parsed = reader.Parse(line);
    const auto* skip = std::get_if<Skip>(&parsed);
    const bool continues = skip != nullptr && skip->reason == SkipReason::kUnknownFormat;
    if (!joined.empty()) joined += continues ? ' ' : '\n';
    joined += continues ? Strip(line) : line;
  }
  return joined;
}

// "250 2.0.0 Ok: queued", or a log line of a delivery.
bool WasTaken(const ExplainedText& one) {
  return one.verdict.cause == CauseId::kUnclassified &&
         (one.code / 100 == 2 || one.outcome_hint == OutcomeName(Outcome::kDelivered));
}

// "4C5601753190: placed on hold", "1rABCd-000123-4X Frozen (delivery error message)".
std::optional<QueueHold> HoldOfNote(const Parsed& parsed) {
  const auto* const skip = std::get_if<Skip>(&parsed);
  if (skip == nullptr || skip->note == nullptr || skip->note->kind != NoteKind::kHeld)
    return std::nullopt;
  const bool exim = skip->note->mta == Mta::kExim;
  return QueueHold{exim ? QueueKeeper::kExim : QueueKeeper::kPostfix,
                   SafeQueueId(skip->note->queue_id)};
}

ExplainedText Settled(ExplainedText one) {
  if (WasTaken(one)) TurnIntoNotice(NoticeKind::kReceipt, one);
  return one;
}

}  // namespace

bool TellsNothing(const ExplainedText& one) {
  return one.code == 0 && one.enhanced_code.empty() && one.verdict.cause == CauseId::kUnclassified;
}

Explainer::Explainer(std::shared_ptr<const RuleSet> rules) : classifier_(std::move(rules)) {}

std::optional<ExplainedText> Explainer::ExplainEvent(std::string_view line, bool& log_line) {
  const std::string whole = WithHeader(line);
  const Parsed parsed = reader_.Parse(whole);
  const auto* event = std::get_if<DeliveryEvent>(&parsed);
  log_line = event != nullptr || std::get<Skip>(parsed).reason != SkipReason::kUnknownFormat;
  if (std::optional<QueueHold> hold = HoldOfNote(parsed)) return OneHeld(*std::move(hold), line);
  if (event == nullptr || event->reply.text.empty()) return std::nullopt;
  return Settled(Judge(line, Found::From(*event)));
}

ExplainedText Explainer::ExplainLine(std::string_view coloured) {
  const std::string plain = WithoutColours(coloured);
  const std::string_view line = plain;
  bool log_line = false;
  if (std::optional<ExplainedText> answer = ExplainEvent(line, log_line)) return *answer;
  // Logs and other programs write the ends of a reply's lines as "\n".
  texts_.Reset();
  const std::optional<JsonReply> said = ReplyInJson(line);
  const std::string words = said && !said->delivered
                                ? DecodeWords(Unfold(ToPlainText(said->words)))
                                : DecodeWords(Unfold(ToPlainText(DecodeEximEscapes(line, texts_))));
  const Reason reason = ParseReason(words);
  Found found = Found::From(reason);
  if (said && said->delivered) found.outcome = OutcomeName(Outcome::kDelivered);
  const std::string named = found.recipient.empty() ? RecipientInJson(line) : std::string();
  if (!named.empty()) found.recipient = named;
  return Settled(Judge(line, found));
}

// An answer for each failure that `text` reports, if all of its lines are a log's; else none.
std::vector<ExplainedText> Explainer::ExplainLog(std::string_view text) {
  std::vector<ExplainedText> all;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (Strip(line).empty()) continue;
    bool log_line = false;
    if (std::optional<ExplainedText> answer = ExplainEvent(line, log_line))
      all.push_back(std::move(*answer));
    if (!log_line) return {};
  }
  KeepFailures(all);
  return all;
}

std::vector<ExplainedText> Explainer::ExplainEach(const std::vector<std::string>& lines) {
  std::vector<ExplainedText> all;
  all.reserve(lines.size());
  for (const std::string& line : lines) all.push_back(ExplainLine(line));
  KeepFailures(all);
  return all;
}

std::vector<ExplainedText> Explainer::ExplainText(std::string_view bytes) {
  const std::vector<std::string_view> messages = SplitMbox(bytes);
  if (messages.size() == 1) return ExplainMessage(bytes);
  std::vector<ExplainedText> all;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (ExplainedText& one : ExplainMessage(messages[i])) {
      one.message = i + 1;
      all.push_back(std::move(one));
    }
  }
  return all;
}

std::vector<ExplainedText> Explainer::ExplainMessage(std::string_view bytes) {
  const Notice notice = ReadNotice(bytes);
  std::vector<ExplainedText> all = ExplainFailures(bytes);
  return Outweighs(notice, all) ? OneNotice(notice.kind, bytes) : std::move(all);
}

std::vector<ExplainedText> Explainer::ExplainFailures(std::string_view bytes) {
  std::vector<ExplainedText> all;
  if (!LooksLikeMail(bytes) && !IsBinary(bytes)) {
    const std::string text = ToPlainText(bytes);
    if (Strip(text).empty()) return all;
    if (std::optional<QueueHold> hold = IsOneLine(text) ? HoldIn(text) : std::nullopt)
      return {OneHeld(*std::move(hold), Strip(text))};
    // `postqueue -j` gives a line for each message; of one message alone it is a listing, too.
    const bool listing = ReadQueueListing(text).has_value();
    if (!listing) all = ExplainEach(ObjectsInJson(text));
    if (all.empty() && !listing && ReplyInJson(text)) return {ExplainLine(Strip(text))};
    if (!all.empty()) return all;
    const bool one = IsOneLine(text) && RecipientsOnLines(text).empty();
    if (!listing && one) return {ExplainLine(Strip(bytes))};
    if (!listing) all = ExplainLog(text);
    if (!listing && all.empty()) all = ExplainEach(ObjectLinesInJson(text));
    if (!listing && all.empty()) {
      for (const ReportedFailure& row : ReadReplyTable(text))
        all.push_back(Judge(row.words, Found::From(row)));
    }
    if (all.empty() && IsReplyList(text)) {
      std::string_view rest = text;
      while (!rest.empty()) all.push_back(ExplainLine(TakeLine(rest)));
    }
    if (all.empty()) all = ExplainLog(JoinFolded(text, reader_));
  }
  if (!all.empty()) return all;
  for (const ReportedFailure& failure : ReadFailures(bytes)) all.push_back(ExplainReport(failure));
  return all;
}

ExplainedText Explainer::ExplainReport(const ReportedFailure& failure) {
  ExplainedText one = Judge(failure.words, Found::From(failure));
  if (failure.hold.held()) {
    TurnIntoHeld(failure.hold, one);
    return one;
  }
  if (failure.recipient.empty()) one = Settled(std::move(one));  // else a notice says it failed
  one.tried_again = failure.tried_again;
  if (failure.delayed && !failure.queued) one.notice = NoticeKind::kDelay;
  // "4.4.7 Message delayed": it will expire, but has not.
  const bool expires = !failure.queued && one.verdict.cause == CauseId::kMessageExpired;
  const bool silent = failure.queued ? failure.words.empty() : expires || TellsNothing(one);
  if (failure.delayed && silent)
    TurnIntoNotice(failure.queued ? NoticeKind::kWaiting : NoticeKind::kDelay, one);
  return one;
}

// Where no recipient is known, a reply about a domain names it; where no host is, one about a host.
AdvicePlaces Explainer::PlacesOf(const Found& found, CauseId cause) {
  const bool refused = found.outcome == OutcomeName(Outcome::kRejected);
  AdvicePlaces places;
  places.host = found.remote_host.empty() ? found.remote_ip : found.remote_host;
  places.recipient_domain = DomainOf(found.recipient);
  places.sender_domain = DomainOf(found.sender);
  const bool of_domain = cause == CauseId::kDomainNotFound || cause == CauseId::kDomainNoMail;
  if (places.recipient_domain.empty() && of_domain)
    places.recipient_domain = FirstHostIn(found.reply.text);
  const bool of_host = cause == CauseId::kConnectTimeout || cause == CauseId::kConnectRefused;
  if (places.host.empty() && of_host) places.host = FirstHostIn(found.reply.text);
  if (refused) places.host = {};  // it is the client's
  return places;
}

ExplainedText Explainer::Judge(std::string_view input, Found found) {
  if (found.recipient.empty()) found.recipient = RecipientNamedBy(found.reply);
  EnhancedCodeText enhanced;
  ExplainedText out;
  out.verdict =
      classifier_.Explain({.reply = found.reply,
                           .relay_host = found.remote_host,
                           .relay_ip = found.remote_ip,
                           .recipient_domain = DomainOf(found.recipient),
                           .own_refusal = found.outcome == OutcomeName(Outcome::kRejected)});
  out.input = ToUtf8(input);
  out.code = found.reply.code;
  out.enhanced_code = FormatEnhancedCode(found.reply.enhanced, enhanced);
  out.phase = PhaseName(found.reply.phase);
  out.reply = ToUtf8(found.reply.text);
  out.family = rules().cause_family(out.verdict.cause);
  out.outcome_hint = found.outcome.empty() ? OutcomeByCode(found.reply) : found.outcome;
  out.recipient = Unfold(ToUtf8(found.recipient));  // JSON may have escaped line ends in it
  out.remote = Unfold(ToUtf8(found.remote_host.empty() ? found.remote_ip : found.remote_host));
  out.delisting_link = rules().delisting_link(out.verdict.blocklist);
  out.advice = rules().advice(out.verdict.cause, out.verdict.rule);
  if (out.verdict.cause == CauseId::kUnclassified && IsCodeAlone(found.reply))
    TellOfCodeAlone(found.reply, out.advice);
  NamePlaces(PlacesOf(found, out.verdict.cause), out.advice);
  out.advice.retry = RetryFor(out.advice.retry, out.verdict.cause, out.outcome_hint);
  return out;
}

}  // namespace bouncesight
