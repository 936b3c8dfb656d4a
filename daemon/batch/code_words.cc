#include "daemon/batch/code_words.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

struct Meaning {
  std::string_view en, zh;
};

// By the second figure of an enhanced status code.
constexpr Meaning kSubjects[] = {
    {"no more than that it failed", "投递失败，没有更多信息"},
    {"the address of the recipient or the sender", "收件人或发件人地址的问题"},
    {"the recipient's mailbox", "收件人邮箱的问题"},
    {"the receiving mail system", "收件方邮件系统的问题"},
    {"the network, DNS or the route", "网络、DNS 或路由的问题"},
    {"the SMTP session", "SMTP 会话的问题"},
    {"the content of the message", "邮件内容的问题"},
    {"security or the receiver's policy", "安全或收件方策略的问题"},
};

// By the reply code, where there is no enhanced one. The last is for all others.
struct ByReplyCode {
  std::uint16_t code;
  Meaning meaning;
};
constexpr ByReplyCode kReplyCodes[] = {
    {550, {"no such mailbox, no access to it, or a policy", "邮箱不存在、无权投递或策略拒收"}},
    {553, {"the name of the mailbox, or the sender", "邮箱名称或发件人不被接受"}},
    {554, {"a refusal without a reason", "拒收，未说明原因"}},
    {0, {"what that server alone knows", "含义只有对方服务器知道"}},
};

const Meaning& MeaningOfSubject(std::size_t subject) {
  return kSubjects[subject < std::size(kSubjects) ? subject : 0];
}

const Meaning& MeaningOf(const Reply& reply) {
  if (reply.enhanced.present()) return MeaningOfSubject(reply.enhanced.subject);
  const auto* const row = std::ranges::find_if(
      kReplyCodes, [&](const ByReplyCode& one) { return one.code == reply.code || one.code == 0; });
  return row->meaning;
}

std::string CodeOf(const Reply& reply) {
  EnhancedCodeText text;
  const std::string_view enhanced = FormatEnhancedCode(reply.enhanced, text);
  return enhanced.empty() ? std::to_string(reply.code) : std::string(enhanced);
}

bool IsOfAWord(char c) { return IsLetter(c) || static_cast<unsigned char>(c) >= 0x80; }

// "550 5.7": what stands behind the reply code.
std::string_view BehindReplyCode(std::string_view text) {
  const bool coded = text.size() > 4 && std::ranges::all_of(text.substr(0, 3), IsDigit) &&
                     !IsAlnum(text[3]) && text[3] != '.';
  return coded ? text.substr(4) : text;
}

// The class and the subject of an enhanced status code whose detail was left out or written "x".
struct HalfCode {
  char status_class;
  std::string_view subject;
};

std::optional<HalfCode> HalfCodeOf(const Reply& reply) {
  std::string_view text = BehindReplyCode(reply.text);
  constexpr std::string_view kAround = " \t#()[].*xX";
  text.remove_prefix(std::min(text.find_first_not_of(kAround), text.size()));
  text = text.substr(0, text.find_last_not_of(kAround) + 1);
  constexpr std::size_t kMostFigures = 3;  // RFC 3463 section 2
  if (text.size() < 3 || text[1] != '.' || text.size() - 2 > kMostFigures) return std::nullopt;
  if (text[0] != '4' && text[0] != '5') return std::nullopt;
  const std::string_view subject = text.substr(2);
  if (!std::ranges::all_of(subject, IsDigit)) return std::nullopt;
  return HalfCode{text[0], subject};
}

std::size_t SubjectNumber(std::string_view figures) {
  std::size_t number = 0;
  for (const char figure : figures) number = number * 10 + static_cast<std::size_t>(figure - '0');
  return number;
}

void AskForTheWords(Advice& advice) {
  advice.en.steps.insert(advice.en.steps.begin(),
                         "Give the whole reply, or the line of the log that holds it.");
  advice.zh.steps.insert(advice.zh.steps.begin(), "请给出完整的回复，或含有该回复的日志行。");
}

void TellOfHalfACode(const Reply& reply, const HalfCode& half, Advice& advice) {
  const std::string code = reply.code == 0 ? "" : std::to_string(reply.code);
  const bool is_final = half.status_class == '5';
  const Meaning& meaning = MeaningOfSubject(SubjectNumber(half.subject));
  const std::string subject(half.subject);
  advice.en.why = (code.empty() ? "Part of a code: its class "
                                : code + " and part of an enhanced code: its class ") +
                  half.status_class + (is_final ? ", a final failure" : ", a failure for now") +
                  ", and its subject " + subject + ", which stands for " + std::string(meaning.en) +
                  ". The figure behind them is missing, and the words behind that decide.";
  advice.zh.why =
      (code.empty() ? "只有代码的前两位。类别 " : code + " 和增强状态码的前两位。类别 ") +
      half.status_class + (is_final ? "（永久失败）" : "（暂时失败）") + "，主题 " + subject +
      " 表示：" + std::string(meaning.zh) + "。还缺最后一位，并且要看后面的文字。";
  if (is_final && (reply.code == 0 || reply.code >= 500)) advice.retry = Retry::kNo;
  AskForTheWords(advice);
}

}  // namespace

bool IsCodeAlone(const Reply& reply) {
  if (HalfCodeOf(reply)) return true;
  const bool coded = reply.code != 0 || reply.enhanced.present();
  return coded && std::ranges::none_of(reply.text, IsOfAWord);
}

void TellOfCodeAlone(const Reply& reply, Advice& advice) {
  if (const auto half = HalfCodeOf(reply)) return TellOfHalfACode(reply, *half, advice);
  const Meaning& meaning = MeaningOf(reply);
  const std::string code = CodeOf(reply);
  advice.en.why = "A code without words. " + code + " stands for " + std::string(meaning.en) +
                  ": several causes share it, and the words behind it decide.";
  advice.zh.why = "只有代码，没有文字。" + code + " 表示：" + std::string(meaning.zh) +
                  "。多种原因共用此代码，要看后面的文字。";
  AskForTheWords(advice);
}

}  // namespace bouncesight
