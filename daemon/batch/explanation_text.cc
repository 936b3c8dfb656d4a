#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/batch/explainer.h"
#include "daemon/batch/hold_words.h"
#include "daemon/batch/notice_words.h"
#include "metrics/summary_words.h"
#include "parsers/text/charset.h"
#include "parsers/text/columns.h"
#include "parsers/text/unseen.h"
#include "rules/cause_words.h"

namespace bouncesight {
namespace {

// The words around the facts, in the reader's language.
struct Labels {
  std::string_view to, said, why, retry, act, steps, rule, matched, provider, listed, delist,
      losers, waits, state;
};

constexpr Labels kEnglish{"Mail to",   "Reply",     "Why",   "Retry",    "Must act",
                          "To do",     "Rule",      "Words", "Provider", "Listed",
                          "Delisting", "Also fits", "Delay", "State"};
constexpr Labels kChinese{"收件人", "回复",   "原因",   "重试", "处理方",   "处理步骤", "规则",
                          "匹配",   "服务商", "黑名单", "解除", "其他可能", "延迟",     "状态"};

std::string_view RetryText(Retry retry, Language language) {
  const bool chinese = language == Language::kChinese;
  switch (retry) {
    case Retry::kYes:
      return chinese ? "队列会自动重试,暂时不用处理" : "helps: leave it in the queue";
    case Retry::kLater:
      return chinese ? "处理之后或稍后再试" : "helps later, or once it is fixed";
    case Retry::kNo:
      return chinese ? "无用" : "does not help";
  }
  return {};
}

std::string_view ActText(Act act, Language language) {
  const bool chinese = language == Language::kChinese;
  switch (act) {
    case Act::kSender:
      return chinese ? "发件方" : "the sender";
    case Act::kRecipient:
      return chinese ? "收件人" : "the recipient";
    case Act::kReceiver:
      return chinese ? "收件方邮件系统管理员" : "the receiving server's operator";
    case Act::kNetwork:
      return chinese ? "网络或 DNS 管理员" : "whoever runs the network or DNS";
    case Act::kLocal:
      return chinese ? "本机邮件管理员" : "you, on this server";
  }
  return {};
}

class Page {
 public:
  explicit Page(const ExplanationStyle& style) : style_(style) {}

  void Title(std::string_view cause, std::string_view family) {
    Paint("\x1b[1m", cause);
    text_.append("  (").append(family).append(")\n");
  }

  void Fact(std::string_view label, std::string_view value) {
    if (value.empty()) return;
    const std::size_t width = TextColumns(label);
    text_ += "  ";
    Paint("\x1b[2m", label);
    text_.append(width < kLabelColumns ? kLabelColumns - width : 1, ' ');
    Wrap(ShownLine(value), kLabelColumns + 2);  // strangers' words, most of them
  }

  void Steps(std::string_view label, const std::vector<std::string>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      Fact(i == 0 ? label : std::string_view(" "), std::to_string(i + 1) + ". " + steps[i]);
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  static constexpr std::size_t kLabelColumns = 11;

  void Paint(std::string_view escape, std::string_view words) {
    if (style_.colour) text_ += escape;
    text_ += words;
    if (style_.colour) text_ += "\x1b[0m";
  }

  // Breaks at blanks; what has none (a long URL, Chinese) is left to the terminal.
  void Wrap(std::string_view words, std::size_t indent) {
    std::size_t column = indent;
    while (!words.empty()) {
      const std::size_t blank = words.find(' ');
      const std::string_view word = words.substr(0, blank);
      const std::size_t size = TextColumns(word);
      if (column > indent && column + 1 + size > style_.width) {
        text_.append(1, '\n').append(indent, ' ');
        column = indent;
      } else if (column > indent) {
        text_ += ' ';
        ++column;
      }
      text_ += word;
      column += size;
      words.remove_prefix(blank == std::string_view::npos ? words.size() : blank + 1);
    }
    text_ += '\n';
  }

  const ExplanationStyle& style_;
  std::string text_;
};

std::string Address(const ExplainedText& explained) {
  if (explained.recipient.empty() || explained.remote.empty()) return explained.recipient;
  return explained.recipient + " (" + explained.remote + ")";
}

std::string Listed(const ExplainedText& explained) {
  const Explanation& verdict = explained.verdict;
  if (verdict.blocklist.empty()) return {};
  return verdict.listed_ip.empty() ? verdict.blocklist
                                   : verdict.listed_ip + " @ " + verdict.blocklist;
}

// Why a rule did not win, as Alternative::why has it in English.
std::string WhyNot(std::string_view why, Language language) {
  if (language != Language::kChinese) return std::string(why);
  if (why == "fewer conditions") return "条件较少";
  if (!why.starts_with("lower rank: ")) return "匹配的文字较短，或加载较晚";
  static constexpr std::pair<std::string_view, std::string_view> kRanks[] = {
      {"basic", "基本代码"},    {"generic", "通用词句"},    {"enhanced", "增强代码"},
      {"specific", "明确词句"}, {"provider", "服务商规则"}, {"operator", "自定规则"}};
  std::string text = "级别较低：";
  for (const auto& [rank, words] : kRanks) {
    if (why.substr(12).starts_with(rank)) text += words;
  }
  return text;
}

std::string Losers(const Explanation& verdict, const RuleSet& rules, Language language) {
  std::string text;
  for (const Alternative& loser : verdict.alternatives) {
    if (!text.empty()) text += "; ";
    text.append(rules.rule_name(loser.rule))
        .append(" (")
        .append(ShortName(rules.cause_name(loser.cause), language))
        .append("): ")
        .append(WhyNot(loser.why, language));
  }
  return text;
}

// A text that is not a bounce: what it is, and what to do.
std::string NoticeText(const ExplainedText& explained, const ExplanationStyle& style) {
  const bool chinese = style.language == Language::kChinese;
  const Labels& label = chinese ? kChinese : kEnglish;
  const AdviceText& advice = explained.advice.text(style.language);
  Page page(style);
  const bool unread = explained.notice == NoticeKind::kTooDeep;
  const std::string_view read_words = chinese ? "不是退信" : "no bounce";
  const std::string_view unread_words = chinese ? "未读取" : "not read";
  page.Title(NoticeTitle(explained.notice, style.language), unread ? unread_words : read_words);
  page.Fact(label.to, Address(explained));
  page.Fact(label.why, advice.why);
  page.Steps(label.steps, advice.steps);
  return page.Take();
}

// Of a delay whose cause is known: that nothing is lost yet.
std::string Waits(const ExplainedText& explained, Language language) {
  if (explained.notice != NoticeKind::kDelay) return {};
  return WaitsWords(explained.tried_again, language);
}

// Of held mail whose last attempt has a cause: that nothing is tried any more.
std::string Held(const ExplainedText& explained, Language language) {
  if (explained.notice != NoticeKind::kHeld) return {};
  return HoldAdvice(explained.hold).text(language).why;
}

}  // namespace

std::string ExplanationHead(std::string_view name, const ExplainedText& explained,
                            const ExplanationStyle& style) {
  const bool chinese = style.language == Language::kChinese;
  TextCleaner cleaner;
  TextRoom room;
  std::string head = ShownLine(cleaner.Clean(name, room));  // a file's name may hold anything
  if (explained.message != 0) {
    const std::string number = std::to_string(explained.message);
    if (!head.empty()) head += chinese ? "，" : ", ";
    head += chinese ? "第 " + number + " 封邮件" : "message " + number;
  }
  if (head.empty()) return head;
  head = "== " + head + " ==";
  return (style.colour ? "\x1b[1m" + head + "\x1b[0m" : head) + "\n";
}

std::string ExplanationText(const ExplainedText& explained, const RuleSet& rules,
                            const ExplanationStyle& style) {
  if (explained.silent) return NoticeText(explained, style);
  const Labels& label = style.language == Language::kChinese ? kChinese : kEnglish;
  const Explanation& verdict = explained.verdict;
  const AdviceText& advice = explained.advice.text(style.language);
  Page page(style);
  const std::string_view cause = rules.cause_name(verdict.cause);
  const std::string_view family = FamilyWords(explained.family, style.language);
  page.Title(WithWords(cause, CauseWords(cause, style.language)),
             family.empty() ? explained.family : family);
  page.Fact(label.to, Address(explained));
  page.Fact(label.state, Held(explained, style.language));
  page.Fact(label.said, explained.reply);
  page.Fact(label.why, advice.why);
  page.Fact(label.waits, Waits(explained, style.language));
  if (!TellsNothing(explained)) {  // who must act, where nothing is known?
    page.Fact(label.act, ActText(explained.advice.act, style.language));
    page.Fact(label.retry, RetryText(explained.advice.retry, style.language));
  }
  page.Steps(label.steps, advice.steps);
  page.Fact(label.listed, Listed(explained));
  page.Fact(label.delist, explained.delisting_link);
  const std::string_view provider = rules.provider_name(verdict.provider);
  page.Fact(label.provider, WithWords(provider, ProviderWords(provider, style.language)));
  page.Fact(label.rule, rules.rule_name(verdict.rule));
  page.Fact(label.matched, verdict.matched);
  page.Fact(label.losers, Losers(verdict, rules, style.language));
  return page.Take();
}

}  // namespace bouncesight
