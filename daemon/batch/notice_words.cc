#include "daemon/batch/notice_words.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace bouncesight {
namespace {

struct Words {
  std::string_view title, why, step;
};

struct Row {
  NoticeKind kind;
  Words en, zh;
};

constexpr Row kRows[] = {
    {NoticeKind::kAutomaticReply,
     {"automatic reply",
      "This is an automatic reply: nothing failed. The mail arrived, and a program answers for its "
      "reader.",
      "If it is urgent, write to whom it names; else there is nothing to do."},
     {"自动回复", "这是自动回复，没有投递失败：邮件已送达，由程序代为答复。",
      "如有急事，联系回复中提到的人；否则无需处理。"}},
    {NoticeKind::kAbuseReport,
     {"abuse report",
      "This is an abuse report: nothing failed. A reader marked mail that came from you as spam, "
      "and "
      "the provider passes that on.",
      "Take the reader off the list, and find out which account sent the mail that is enclosed."},
     {"滥用投诉",
      "这是滥用投诉，没有投递失败：有收件人把您发出的邮件标为垃圾邮件，由其服务商转告。",
      "把该收件人移出名单，并查明是哪个帐号发出了所附的邮件。"}},
    {NoticeKind::kDmarcReport,
     {"DMARC report",
      "This is a DMARC report: nothing failed. A receiver lists the mail that it saw from your "
      "domain, "
      "and what passed SPF, DKIM and DMARC.",
      "Read it with a program for DMARC reports; hosts of yours that fail need SPF or DKIM."},
     {"DMARC 报告",
      "这是 DMARC 汇总报告，没有投递失败：接收方列出以您的域名发出的邮件及其 SPF、DKIM、DMARC "
      "结果。",
      "用 DMARC 报告工具查看；其中属于自己却未通过的主机需要补上 SPF 或 DKIM。"}},
    {NoticeKind::kTlsReport,
     {"TLS report",
      "This is a TLS report: it sums up how sessions with your servers were encrypted, and bounces "
      "no "
      "mail.",
      "Read its JSON part; look into the failures that it counts."},
     {"TLS 报告", "这是 TLS 报告：汇总与您服务器的会话加密情况，不是退信。",
      "查看其中的 JSON 部分，检查它统计的失败。"}},
    {NoticeKind::kReadReceipt,
     {"read receipt",
      "This is a read receipt: nothing failed. The mail arrived, and its reader's program says "
      "what "
      "became of it.",
      "There is nothing to do."},
     {"已读回执", "这是已读回执，没有投递失败：邮件已送达，收件人的程序告知后续情况。",
      "无需处理。"}},
    {NoticeKind::kReceipt,
     {"receipt",
      "This is a receipt: nothing failed. The mail was delivered, or handed on to a server that "
      "sends "
      "no receipts.",
      "There is nothing to do."},
     {"送达回执", "这是送达回执，没有投递失败：邮件已投递，或已转交给不发回执的服务器。",
      "无需处理。"}},
    {NoticeKind::kDelay,
     {"delay", "This is a delay: nothing failed yet. It does not say why the mail waits.",
      "Look for the message in the queue or the log of the server that sent this; it names the "
      "reason."},
     {"延迟通知", "这是延迟通知，尚未投递失败；它没有说明邮件为何还在等待。",
      "到发出此通知的服务器的队列或日志中查找该邮件，那里写有原因。"}},
    {NoticeKind::kHeadline,
     {"headline of a bounce",
      "This is only the headline of a bounce: it says that mail failed, not why.",
      "Paste the whole message, or save it as .eml and name the file."},
     {"退信标题", "这只是退信的标题，说明投递失败，但没有说明原因。",
      "请粘贴整封退信，或存为 .eml 后给出文件名。"}},
    {NoticeKind::kNoBounce,
     {"no sign of a bounce",
      "Nothing in it says that mail of yours failed: no report, no reply code, no word of a "
      "delivery. What it says of mailboxes, spam or block lists is its own subject.",
      "If it asks you to click or to sign in, take it for phishing: open nothing, and ask who runs "
      "your mail. If mail of yours did fail, give the bounce itself or the line of the log."},
     {"没有退信的迹象",
      "其中没有任何内容说明您的邮件投递失败：没有投递报告，没有回复代码，也没有提到投递。文中谈到的"
      "邮"
      "箱、垃圾邮件或黑名单只是它自己的话题。",
      "如果它要求点击链接或登录，请当作钓鱼邮件处理：不要打开，先询问邮件管理员。如果确有邮件投递失"
      "败，"
      "请给出退信本身或日志行。"}},
    {NoticeKind::kHeld,  // hold_words.h has more
     {"held in the queue", "This mail is kept in a queue until somebody releases it.",
      "Look for its queue id in the mail log."},
     {"已在队列中挂起", "该邮件被保留在队列中，需要有人放行。", "在邮件日志中查找它的队列号。"}},
    {NoticeKind::kTooDeep,
     {"nested too deep",
      "Its parts, or the messages that it carries, are nested too deep to be read. It may well be "
      "a "
      "bounce.",
      "Save the innermost message, or the part that names the reason, as a file of its own and "
      "give "
      "that."},
     {"嵌套过深", "邮件各部分或所附邮件嵌套过深，无法读取；它仍可能是退信。",
      "把最里层的邮件或写有原因的部分另存为文件后再给出。"}},
    {NoticeKind::kWaiting,
     {"waiting", "This mail waits in the queue; the listing does not say why.",
      "Look for its queue id in the mail log; `exim -Mvl ID` shows Exim's."},
     {"排队等待", "该邮件在队列中等待；列表没有说明原因。",
      "在邮件日志中查找它的队列号；Exim 可用 exim -Mvl ID 查看。"}},
};

const Row* RowOf(NoticeKind kind) {
  const auto* const row =
      std::ranges::find_if(kRows, [kind](const Row& one) { return one.kind == kind; });
  return row == std::end(kRows) ? nullptr : row;
}

// "5 day(s)": 5 天. Empty: there is no such span in it.
std::string ChineseSpan(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kUnits[] = {
      {"minute", " 分钟"}, {"hour", " 小时"}, {"day", " 天"}, {"week", " 周"}};
  const std::size_t at = text.find_first_of("0123456789");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at);
  const std::string_view number = rest.substr(0, rest.find_first_not_of("0123456789"));
  for (const auto& [unit, words] : kUnits) {
    if (rest.find(unit) != std::string_view::npos) return std::string(number) + std::string(words);
  }
  return {};
}

// TriedAgain's words, "until it is 5 days old", "for 2 more days", or a date, in Chinese. Empty:
// they are of another kind.
std::string ChineseTriedAgain(std::string_view tried_again) {
  constexpr std::string_view kUntil = "until ";
  const std::string span = ChineseSpan(tried_again);
  if (tried_again.starts_with("for ") && !span.empty()) return "还会重试 " + span;
  if (!tried_again.starts_with(kUntil)) return {};
  if (tried_again.ends_with(" old")) return span.empty() ? span : "直到邮件满 " + span;
  return "直到 " + std::string(tried_again.substr(kUntil.size()));
}

AdviceText Text(const Words& words) { return {std::string(words.why), {std::string(words.step)}}; }

}  // namespace

std::string_view NoticeTitle(NoticeKind kind, Language language) {
  const Row* const row = RowOf(kind);
  if (row == nullptr) return {};
  return language == Language::kChinese ? row->zh.title : row->en.title;
}

Advice NoticeAdvice(NoticeKind kind, const std::string& tried_again) {
  Advice advice;
  const Row* const row = RowOf(kind);
  if (row == nullptr) return advice;
  const bool waits = kind == NoticeKind::kDelay || kind == NoticeKind::kWaiting;
  advice.retry = waits ? Retry::kYes : Retry::kNo;
  advice.en = Text(row->en);
  advice.zh = Text(row->zh);
  if (!tried_again.empty()) {
    advice.en.why += " " + WaitsWords(tried_again, Language::kEnglish);
    advice.zh.why += WaitsWords(tried_again, Language::kChinese);
  }
  return advice;
}

std::string WaitsWords(const std::string& tried_again, Language language) {
  if (language == Language::kChinese) {
    const std::string span = ChineseTriedAgain(tried_again);
    return span.empty() ? "邮件仍在等待，会再次尝试。"
                        : "邮件仍在等待，会再次尝试（" + span + "）。";
  }
  return tried_again.empty() ? "It waits, and is tried again."
                             : "It waits, and is tried again " + tried_again + ".";
}

}  // namespace bouncesight
