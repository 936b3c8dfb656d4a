#include "daemon/batch/code_words.h"

#include <algorithm>
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

const Meaning& MeaningOf(const Reply& reply) {
  if (reply.enhanced.present()) {
    const std::size_t subject = reply.enhanced.subject;
    return kSubjects[subject < std::size(kSubjects) ? subject : 0];
  }
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

}  // namespace

bool IsCodeAlone(const Reply& reply) {
  const bool coded = reply.code != 0 || reply.enhanced.present();
  return coded && std::ranges::none_of(reply.text, IsOfAWord);
}

void TellOfCodeAlone(const Reply& reply, Advice& advice) {
  const Meaning& meaning = MeaningOf(reply);
  const std::string code = CodeOf(reply);
  advice.en.why = "A code without words. " + code + " stands for " + std::string(meaning.en) +
                  ": several causes share it, and the words behind it decide.";
  advice.zh.why = "只有代码，没有文字。" + code + " 表示：" + std::string(meaning.zh) +
                  "。多种原因共用此代码，要看后面的文字。";
  advice.en.steps.insert(advice.en.steps.begin(),
                         "Give the whole reply, or the line of the log that holds it.");
  advice.zh.steps.insert(advice.zh.steps.begin(), "请给出完整的回复，或含有该回复的日志行。");
}

}  // namespace bouncesight
