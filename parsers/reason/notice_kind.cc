#include "parsers/reason/notice_kind.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "parsers/reason/bounce_signs.h"
#include "parsers/reason/delivery_status.h"
#include "parsers/reason/mail_text.h"
#include "parsers/reason/plain_text.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

using Words = std::span<const std::string_view>;

bool HoldsOneOf(std::string_view text, Words words) {
  return std::ranges::any_of(
      words, [text](std::string_view one) { return FindNoCase(text, one) != kNotFound; });
}

std::size_t CountOfHeld(std::string_view text, Words words) {
  return static_cast<std::size_t>(std::ranges::count_if(
      words, [text](std::string_view one) { return FindNoCase(text, one) != kNotFound; }));
}

bool StartsWithOneOf(std::string_view text, Words words) {
  return std::ranges::any_of(words,
                             [text](std::string_view one) { return StartsWithNoCase(text, one); });
}

constexpr std::string_view kDelayWords[] = {"has not yet been delivered",
                                            "hasn't been delivered yet",
                                            "will be retried",
                                            "will retry for",
                                            "still being retried",
                                            "delivery is delayed",
                                            "delivery incomplete",
                                            "temporary problem delivering",
                                            "warning message only",
                                            "warning: could not send message for past",
                                            "warning: message",
                                            "delayed mail (still",
                                            "delivery status notification (delay",
                                            "delivery attempts will continue",
                                            "keep trying to deliver",
                                            "仍在重试",
                                            "继续尝试",
                                            "繼續嘗試",
                                            "投递延迟",
                                            "投遞延遲"};

constexpr std::string_view kSuccessWords[] = {
    "successfully delivered to the destination",
    "had successful delivery notifications",
    "has been delivered to the following recipients",
    "has been successfully delivered",
    "was successfully delivered",
    "was successfully relayed",
    "has been successfully relayed",
    "delivery to these recipients or groups is complete",
    "delivery to these recipients or distribution lists is complete",
    "message was delivered to the following",
    "expect no further notifications",
    "wurde erfolgreich zugestellt",
    "a été remis aux destinataires",
    "已成功投递",
    "已成功送达",
    "已成功送達"};

constexpr std::string_view kFailureWords[] = {
    "could not be delivered", "permanent fatal errors", "transient non-fatal errors", "has failed",
    "wasn't delivered",       "undeliverable"};

// How subjects of automatic replies begin, and what their texts say.
constexpr std::string_view kAwaySubjects[] = {"out of office",
                                              "out of the office",
                                              "automatic reply",
                                              "auto reply",
                                              "auto-reply",
                                              "autoreply",
                                              "auto response",
                                              "auto:",
                                              "away from",
                                              "vacation",
                                              "on vacation",
                                              "i am out of",
                                              "automatische ant",
                                              "abwesenheit",
                                              "abwesend",
                                              "réponse automatique",
                                              "absence du bureau",
                                              "absent du bureau",
                                              "respuesta automática",
                                              "fuera de la oficina",
                                              "resposta automática",
                                              "ausência",
                                              "fora do escritório",
                                              "risposta automatica",
                                              "fuori sede",
                                              "fuori ufficio",
                                              "автоответ",
                                              "автоматический ответ",
                                              "вне офиса",
                                              "自动回复",
                                              "自動回覆",
                                              "自動回復",
                                              "自動返信",
                                              "自動応答",
                                              "不在のお知らせ",
                                              "不在通知"};
constexpr std::string_view kAwayWords[] = {"out of the office",
                                           "out of office",
                                           "automatic reply",
                                           "automated reply",
                                           "automated response",
                                           "auto-reply",
                                           "autoreply",
                                           "autoresponder",
                                           "on annual leave",
                                           "on vacation",
                                           "maternity leave",
                                           "parental leave",
                                           "automatische antwort",
                                           "abwesenheitsnotiz",
                                           "nicht im büro",
                                           "nicht im hause",
                                           "réponse automatique",
                                           "absent du bureau",
                                           "absente du bureau",
                                           "en congé",
                                           "je suis absent",
                                           "estaré fuera",
                                           "estoy fuera",
                                           "sono assente",
                                           "bin ich nicht erreichbar",
                                           "zurzeit abwesend",
                                           "derzeit abwesend",
                                           "dringenden fällen",
                                           "urgent cases",
                                           "urgent matters",
                                           "if it is urgent",
                                           "in case of emergency",
                                           "i will be back",
                                           "i'll be back",
                                           "i will return on",
                                           "limited access to e",
                                           "limited access to my e",
                                           "currently away",
                                           "currently travel",
                                           "正在出差",
                                           "如有急事",
                                           "respuesta automática",
                                           "fuera de la oficina",
                                           "resposta automática",
                                           "fora do escritório",
                                           "risposta automatica",
                                           "fuori ufficio",
                                           "автоответ",
                                           "нахожусь в отпуске",
                                           "自动回复",
                                           "自動回覆",
                                           "自動返信",
                                           "我正在休假",
                                           "不在にして"};

// What a bounce is called in its subject. With the subject of the mail behind it, or alone.
constexpr std::string_view kHeadlines[] = {"undelivered mail returned to sender",
                                           "undeliverable mail",
                                           "undeliverable message",
                                           "mail delivery failed",
                                           "mail delivery failure",
                                           "mail delivery system",
                                           "mail delivery subsystem",
                                           "mail system error",
                                           "delivery status notification (failure)",
                                           "delivery status notification (delay)",
                                           "delayed mail (still being retried)",
                                           "delivery status notification",
                                           "delivery failure",
                                           "delivery has failed",
                                           "message not delivered",
                                           "message undeliverable",
                                           "returned mail",
                                           "returned to sender",
                                           "failure notice",
                                           "failed mail",
                                           "unzustellbar",
                                           "mail nicht zustellbar",
                                           "non remis",
                                           "échec de la remise",
                                           "no se puede entregar",
                                           "não é possível entregar",
                                           "mancato recapito",
                                           "недоставленное сообщение",
                                           "sending of the message failed",
                                           "senden der nachricht fehlgeschlagen",
                                           "发送消息失败",
                                           "退信通知",
                                           "系统退信",
                                           "系統退信",
                                           "邮件退回",
                                           "メール配信エラー"};
constexpr std::string_view kHeadlinesBefore[] = {
    "undeliverable:",
    "unzustellbar:",
    "non remis :",
    "non remis:",
    "returned mail: see transcript for details",
    "mail delivery failed: returning message to sender",
    "退信：",
    "无法投递：",
    "未传递:"};

std::string_view WithoutEnd(std::string_view text) {
  while (!text.empty() && std::string_view(".!\"' ").find(text.back()) != kNotFound)
    text.remove_suffix(1);
  return text;
}

// "Subject: Re: …" without what stands in front.
std::string_view BareSubject(std::string_view line) {
  line = Strip(line);
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view prefix :
         {"subject:", "主题：", "主题:", "betreff:", "re:", "fw:", "fwd:", "aw:", "\"", "'"}) {
      if (!StartsWithNoCase(line, prefix)) continue;
      line = StripLeft(line.substr(prefix.size()));
      more = true;
    }
  }
  return WithoutEnd(line);
}

bool IsHeadline(std::string_view line) {
  const std::string_view bare = BareSubject(line);
  const auto same = [bare](std::string_view one) { return SameNoCase(bare, one); };
  return std::ranges::any_of(kHeadlines, same) || StartsWithOneOf(bare, kHeadlinesBefore);
}

bool IsOneLine(std::string_view text) { return Strip(text).find('\n') == kNotFound; }

bool IsDmarcSubject(std::string_view subject) {
  const auto holds = [subject](std::string_view words) {
    return FindNoCase(subject, words) != kNotFound;
  };
  return (holds("report domain:") && holds("submitter:")) || holds("dmarc aggregate report");
}

// What mail programs write of a message that was opened, or thrown away unread.
constexpr std::string_view kReadSubjects[] = {
    "read: ",      "not read: ", "gelesen: ",
    "ungelesen: ", "lu : ",      "lu: ",
    "leído: ",     "lida: ",     "letto: ",
    "letta: ",     "gelezen: ",  "прочитано: ",
    "已读: ",      "已读：",     "未读: ",
    "已讀: ",      "開封済み: ", "return receipt (displayed)"};
constexpr std::string_view kReadWords[] = {"message was read on",
                                           "was deleted without being read",
                                           "has been displayed",
                                           "message was displayed on",
                                           "wurde gelesen am",
                                           "ungelesen gelöscht",
                                           "a été lu le",
                                           "se ha leído el",
                                           "foi lida em",
                                           "è stato letto",
                                           "было прочитано",
                                           "已阅读您的邮件",
                                           "邮件已被阅读",
                                           "邮件已于",
                                           "disposition: manual-action",
                                           "disposition: automatic-action"};

NoticeKind KindOfReportType(std::string_view type) {
  if (SameNoCase(type, "feedback-report")) return NoticeKind::kAbuseReport;
  if (SameNoCase(type, "tlsrpt")) return NoticeKind::kTlsReport;
  if (SameNoCase(type, "disposition-notification")) return NoticeKind::kReadReceipt;
  return NoticeKind::kNone;
}

// All that the fields of a report tell is that mail arrived.
bool TellsOfSuccessAlone(std::string_view fields) {
  const std::vector<DeliveryStatus> groups = ParseDeliveryStatus(fields);
  const auto well = [](const DeliveryStatus& one) {
    return one.action == "delivered" || one.action == "relayed" || one.action == "expanded";
  };
  return !groups.empty() && std::ranges::all_of(groups, well);
}

// `text`: plain, as a person reads it.
Notice OfWords(std::string_view text) {
  if (FindNoCase(text, "feedback-type: abuse") != kNotFound ||
      FindNoCase(text, "this is an email abuse report") != kNotFound)
    return {NoticeKind::kAbuseReport};
  if (HoldsOneOf(text, kReadWords)) return {NoticeKind::kReadReceipt};
  const std::size_t fields = StatusFieldsAt(text);
  if (TellsOfSuccessAlone(text.substr(fields))) return {NoticeKind::kReceipt};
  if (fields < text.size()) return {};
  if (SpeaksOfSuccess(text)) return {NoticeKind::kReceipt};
  if (IsOneLine(text) && IsHeadline(text))
    return {SpeaksOfDelay(text) ? NoticeKind::kDelay : NoticeKind::kHeadline};
  if (const auto away = CountOfHeld(text, kAwayWords); away > 0)
    return {NoticeKind::kAutomaticReply, away > 1};
  if (SpeaksToAReader(text) && !SpeaksOfFailedMail(text)) return {NoticeKind::kNoBounce};
  return {};
}

// What a message must have some of, to be read as a bounce. What it carries may be one.
bool HasASignOfABounce(const MailText& mail) {
  return mail.from_mail_system || !mail.failed_recipients.empty() || !mail.enclosed.empty() ||
         mail.report_type == "delivery-status" || IsHeadline(mail.subject) ||
         SpeaksOfFailedMail(mail.subject + "\n" + mail.words);
}

Notice OfMail(const MailText& mail) {
  if (const NoticeKind kind = KindOfReportType(mail.report_type); kind != NoticeKind::kNone)
    return {kind};
  if (IsDmarcSubject(mail.subject) || mail.dmarc_file) return {NoticeKind::kDmarcReport};
  if (!mail.status.empty())
    return {TellsOfSuccessAlone(mail.status) ? NoticeKind::kReceipt : NoticeKind::kNone};
  if (Strip(mail.words).empty() && IsNestedTooDeep(mail)) return {NoticeKind::kTooDeep, false};
  if (Strip(mail.words).empty() && IsHeadline(mail.subject))
    return {NoticeKind::kHeadline, mail.enclosed.empty()};
  if (StartsWithOneOf(BareSubject(mail.subject), kAwaySubjects) || mail.automatic_reply)
    return {NoticeKind::kAutomaticReply};
  if (StartsWithOneOf(Strip(mail.subject), kReadSubjects)) return {NoticeKind::kReadReceipt};
  const Notice notice = OfWords(mail.words);
  const bool other = notice.kind == NoticeKind::kNone && !Strip(mail.words).empty();
  return other && !HasASignOfABounce(mail) ? Notice{NoticeKind::kNoBounce} : notice;
}

}  // namespace

std::string_view NoticeName(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kNone:
      return {};
    case NoticeKind::kAutomaticReply:
      return "automatic_reply";
    case NoticeKind::kAbuseReport:
      return "abuse_report";
    case NoticeKind::kDmarcReport:
      return "dmarc_report";
    case NoticeKind::kTlsReport:
      return "tls_report";
    case NoticeKind::kReadReceipt:
      return "read_receipt";
    case NoticeKind::kReceipt:
      return "receipt";
    case NoticeKind::kDelay:
      return "delay";
    case NoticeKind::kHeadline:
      return "headline";
    case NoticeKind::kWaiting:
      return "waiting";
    case NoticeKind::kNoBounce:
      return "no_bounce";
    case NoticeKind::kHeld:
      return "held";
    case NoticeKind::kTooDeep:
      return "too_deep";
  }
  return {};
}

bool SpeaksOfDelay(std::string_view text) { return HoldsOneOf(text, kDelayWords); }

bool SpeaksOfSuccess(std::string_view text) {
  return HoldsOneOf(text, kSuccessWords) && !HoldsOneOf(text, kFailureWords);
}

std::string TriedAgain(std::string_view text) {
  const std::string line = Unfold(text);
  const std::string_view all = line;
  for (const std::string_view lead : {"will be retried ", "will retry ", "will keep trying ",
                                      "keep trying to deliver your message "}) {
    const std::size_t at = FindNoCase(all, lead);
    if (at == kNotFound) continue;
    std::string_view span = all.substr(at + lead.size());
    span = WithoutEnd(span.substr(0, span.find_first_of(".;,")));
    const bool tells = StartsWithNoCase(span, "until ") || StartsWithNoCase(span, "for ");
    if (tells && span.size() < 60) return std::string(span);
  }
  return {};
}

Notice ReadNotice(std::string_view bytes) {
  if (IsBinary(bytes)) return {};
  if (bytes.find("<policy_published>") != kNotFound) return {NoticeKind::kDmarcReport};
  if (LooksLikeMail(bytes)) return OfMail(ReadMail(bytes));
  const std::string text = ToPlainText(bytes);
  return LooksLikeMail(text) ? OfMail(ReadMail(text)) : OfWords(text);
}

}  // namespace bouncesight
