#include "metrics/summary_words.h"

#include <span>

#include "rules/cause_words.h"
#include "rules/word_table.h"

namespace bouncesight {
namespace {

constexpr SummaryWords kEnglish{
    .title = "Why mail failed",
    .from_to = "to",
    .host = "host",
    .hosts = "hosts",
    .file = "file",
    .files = "files",
    .line = "line",
    .lines = "lines",
    .results = "results",
    .untimed = "without a time",
    .recipients = "Recipients",
    .delivered = "got their mail",
    .failed = "failed for good",
    .waiting = "still waiting",
    .waiting_unknown = "cannot be told",
    .attempts = "Attempts",
    .number = "number",
    .share = "share",
    .bar = "",
    .causes = "Causes",
    .failures = "failures",
    .permanent = "permanent",
    .act = "must act",
    .since = "since",
    .last = "last",
    .domains = "Domains",
    .providers = "Providers",
    .codes = "Codes",
    .name = "Name",
    .of_traffic = "failing",
    .median = "median",
    .p95 = "95 %",
    .commonest = "commonest cause",
    .blocklists = "Block lists",
    .address = "listed address",
    .first_seen = "first seen",
    .last_seen = "last seen",
    .delisting = "Delisting",
    .when = "When",
    .quarter = "by quarters of an hour",
    .hour = "by hours",
    .day = "by days",
    .month = "by months",
    .failing = "failing",
    .delays = "How long it took",
    .result = "Result",
    .steps = "Where the time went",
    .refusals = "Refused by our own server",
    .refusals_for_good = "of them for good",
    .refusal_causes = "Causes of refusals",
    .refusal_lists = "Block lists asked",
    .refused = "refusals",
    .family = "family",
    .unknown = "Replies that no rule knows",
    .unknown_refusals = "Refusals that no rule knows",
    .of = "of",
    .example = "Example",
    .no_words = "(no words)",
    .draft_hint =
        "`bouncesight report --draft-rules` writes a rule for each; name its cause and "
        "put it into /etc/bouncesight/rules.d",
    .advice = "What to do",
    .retry = "retry",
    .sources = "Sources",
    .read = "read",
    .counted = "counted",
    .cut = "cut for length",
    .legend = "What the words mean",
    .made = "Made",
    .by = "by bouncesight",
    .senders = "Senders' domains",
    .accounts = "Accounts",
    .spam_senders = "Senders' domains called spam",
    .spam_accounts = "Accounts called spam",
    .as_spam = "as spam",
    .waits = "What waits, by provider",
    .last_cause = "put off for",
    .oldest = "oldest",
    .retries = "Put off for",
    .settled = "settled",
    .retry_helped = "in the end",
    .within = "within",
    .compare = "Compared with",
    .before = "then",
    .now = "now",
    .change = "change",
    .nothing_then = "The logs hold nothing of that time.",
};

constexpr SummaryWords kChinese{
    .title = "邮件投递失败报告",
    .from_to = "至",
    .host = "主机",
    .hosts = "台主机",
    .file = "个文件",
    .files = "个文件",
    .line = "行",
    .lines = "行",
    .results = "条投递结果",
    .untimed = "条没有时间",
    .recipients = "收件人",
    .delivered = "已收到",
    .failed = "最终失败",
    .waiting = "仍在等待",
    .waiting_unknown = "无法统计",
    .attempts = "投递尝试",
    .number = "数量",
    .share = "占比",
    .bar = "",
    .causes = "失败原因",
    .failures = "失败",
    .permanent = "永久",
    .act = "处理方",
    .since = "首次出现",
    .last = "最近出现",
    .domains = "收件域名",
    .providers = "服务商",
    .codes = "返回码",
    .name = "名称",
    .of_traffic = "失败率",
    .median = "中位数",
    .p95 = "95 %",
    .commonest = "最常见原因",
    .blocklists = "黑名单",
    .address = "被列地址",
    .first_seen = "首次出现",
    .last_seen = "最近出现",
    .delisting = "申请解除",
    .when = "时间分布",
    .quarter = "每 15 分钟",
    .hour = "按小时",
    .day = "按天",
    .month = "按月",
    .failing = "失败率",
    .delays = "投递用时",
    .result = "结果",
    .steps = "时间花在哪里",
    .refusals = "本机服务器拒收",
    .refusals_for_good = "其中永久拒收",
    .refusal_causes = "拒收原因",
    .refusal_lists = "查询的黑名单",
    .refused = "拒收",
    .family = "类别",
    .unknown = "没有规则认识的回复",
    .unknown_refusals = "没有规则认识的拒收",
    .of = "/",
    .example = "示例",
    .no_words = "（没有文字）",
    .draft_hint =
        "`bouncesight report --draft-rules` 会为每条回复写出规则草稿，"
        "补上原因后放入 /etc/bouncesight/rules.d",
    .advice = "处理建议",
    .retry = "重试",
    .sources = "日志来源",
    .read = "已读",
    .counted = "已统计",
    .cut = "过长被截断",
    .legend = "名词解释",
    .made = "生成于",
    .by = "bouncesight",
    .senders = "发件域名",
    .accounts = "登录账号",
    .spam_senders = "被判为垃圾邮件的发件域名",
    .spam_accounts = "被判为垃圾邮件的账号",
    .as_spam = "判为垃圾",
    .waits = "仍在等待，按服务商",
    .last_cause = "暂缓原因",
    .oldest = "最久",
    .retries = "暂缓原因",
    .settled = "已有结果",
    .retry_helped = "最终送达",
    .within = "用时不超过",
    .compare = "对比时段",
    .before = "当时",
    .now = "现在",
    .change = "变化",
    .nothing_then = "日志中没有该时段的记录。",
};

constexpr NamedWords kOutcomes[] = {
    {"delivered", "已投递"}, {"deferred", "暂缓重试"},  {"bounced", "退信"},
    {"expired", "超时放弃"}, {"suspended", "暂停投递"}, {"rejected", "拒收"},
};
constexpr NamedWords kSteps[] = {
    {"incoming", "进入队列前"},
    {"queue", "队列中"},
    {"connect", "建立连接"},
    {"transfer", "传输"},
};
constexpr NamedWords kActs[] = {
    {"sender", "发件方", "the sender"},           {"recipient", "收件人", "the recipient"},
    {"receiver", "收件方管理员", "the receiver"}, {"network", "网络或 DNS", "network, DNS"},
    {"local", "本机管理员", "you, here"},
};
constexpr NamedWords kRetries[] = {
    {"yes", "会自动重试", "helps"},
    {"later", "处理之后或稍后再试", "helps later, or once it is fixed"},
    {"no", "无用", "does not help"},
};

constexpr NamedWords kSkips[] = {
    {"not_delivery", "与投递无关"},
    {"attempt", "单次尝试"},
    {"probe", "地址探测"},
    {"foreign", "其他程序"},
    {"unknown_format", "格式不认识"},
    {"malformed", "投递记录无法解读"},
    {"empty", "空行"},
    {"binary", "二进制数据"},
    {"partial", "不完整的行"},
    {"internal_hop", "主机内部转交"},
};
constexpr NamedWords kRests[] = {
    {"other", "其他"},
    {"unknown", "未知"},
    {"no code", "无返回码"},
};

std::string_view WordsOrName(std::span<const NamedWords> table, std::string_view name,
                             Language language) {
  const std::string_view words = WordsFor(table, name, language);
  return words.empty() ? name : words;
}

}  // namespace

const SummaryWords& WordsOf(Language language) {
  return language == Language::kChinese ? kChinese : kEnglish;
}

std::string_view OutcomeWord(std::string_view outcome, Language language) {
  return WordsOrName(kOutcomes, outcome, language);
}
std::string_view StepWord(std::string_view step, Language language) {
  return WordsOrName(kSteps, step, language);
}
std::string_view ActWord(std::string_view act, Language language) {
  return WordsOrName(kActs, act, language);
}
std::string_view RetryWord(std::string_view retry, Language language) {
  return WordsOrName(kRetries, retry, language);
}

std::string_view SkipWord(std::string_view reason, Language language) {
  return WordsOrName(kSkips, reason, language);
}

namespace {

// Of what is named by nothing but its words.
std::string_view PlainWords(std::string_view name, Language language) {
  const std::string_view outcome = WordsFor(kOutcomes, name, language);
  return outcome.empty() ? WordsFor(kRests, name, language) : outcome;
}

}  // namespace

std::string FullName(std::string_view name, Language language) {
  const std::string_view plain = PlainWords(name, language);
  if (!plain.empty()) return std::string(plain);
  const std::string_view cause = CauseWords(name, language);
  return WithWords(name, cause.empty() ? ProviderWords(name, language) : cause);
}

std::string_view ShortName(std::string_view name, Language language) {
  for (const std::string_view words :
       {PlainWords(name, language), CauseWords(name, language), FamilyWords(name, language),
        ProviderWords(name, language)}) {
    if (!words.empty()) return words;
  }
  return name;
}

const std::vector<LegendEntry>& LegendOf(Language language) {
  static const std::vector<LegendEntry> kEnglishLegend = {
      {"deferred", "put off; the queue tries again"},
      {"bounced", "refused for good; the sender was told"},
      {"expired", "given up after days of retries"},
      {"suspended", "put off with no attempt made, since the host was not reachable before"},
      {"failures", "attempts that were deferred, bounced or expired; one recipient may have many"},
      {"permanent", "failures that the reply calls final (5xx)"},
      {"failing", "failures of all attempts there, the good ones too"},
      {"as spam", "failures whose reply calls the message or its sender spam"},
      {"in the end",
       "delivered, of the recipients put off for this cause that are settled; 95 of 100 of these "
       "within this time of the message's arrival"},
      {"median, 95 %", "half of the mail, or 95 of 100, was settled within this time; an estimate"},
  };
  static const std::vector<LegendEntry> kChineseLegend = {
      {"暂缓重试", "对方暂时不收，队列会自动重试"},
      {"退信", "对方永久拒收，已通知发件人"},
      {"超时放弃", "重试数天后放弃"},
      {"暂停投递", "主机之前无法连接，这次没有尝试"},
      {"失败", "暂缓、退信或放弃的投递尝试；一个收件人可能有多次"},
      {"永久", "回复表示最终拒绝（5xx）的失败"},
      {"失败率", "失败占该处全部尝试的比例，包括成功的"},
      {"判为垃圾", "对方认为邮件或发件人是垃圾邮件而造成的失败"},
      {"最终送达",
       "因此原因暂缓、之后已有结果的收件人中送达的比例；其中 95% 在此时间内送达（自邮件进入起）"},
      {"中位数、95 %", "一半（或 95%）的邮件在此时间内有了结果；为估算值"},
  };
  return language == Language::kChinese ? kChineseLegend : kEnglishLegend;
}

}  // namespace bouncesight
