#include "rules/cause_words.h"

#include "rules/word_table.h"

namespace bouncesight {
namespace {

constexpr NamedWords kCauseWords[] = {
    {"unclassified", "未能归类"},
    {"user_unknown", "收件人不存在"},
    {"mailbox_disabled", "邮箱已停用"},
    {"mailbox_moved", "收件人已换地址"},
    {"mailbox_full", "邮箱已满"},
    {"recipient_refused", "收件人拒收"},
    {"bad_recipient_address", "收件地址格式错误"},
    {"domain_not_found", "收件域名不存在"},
    {"domain_no_mail", "收件域名不收邮件"},
    {"dns_failure", "DNS 查询失败"},
    {"connect_timeout", "连接超时"},
    {"connect_refused", "连接被拒绝"},
    {"connection_lost", "连接中断"},
    {"host_unreachable", "主机不可达"},
    {"routing_loop", "邮件循环"},
    {"message_expired", "重试超时，已放弃"},
    {"ip_blocklisted", "IP 被列入黑名单"},
    {"domain_blocklisted", "域名或链接被列入黑名单"},
    {"poor_reputation", "发信信誉差"},
    {"client_blocked", "发信主机被拒绝"},
    {"rdns_helo", "反向解析或 HELO 不合格"},
    {"spam_content", "被判为垃圾邮件"},
    {"virus", "含有病毒"},
    {"content_prohibited", "内容或附件被禁止"},
    {"message_too_large", "邮件过大"},
    {"message_malformed", "邮件格式错误"},
    {"spf_fail", "SPF 未通过"},
    {"dkim_fail", "DKIM 未通过"},
    {"dmarc_fail", "DMARC 未通过"},
    {"auth_fail", "发件域身份验证未通过"},
    {"smtp_auth_required", "需要登录或登录失败"},
    {"tls_failure", "TLS 加密失败"},
    {"sender_domain_invalid", "发件域名无效"},
    {"sender_suspended", "发信账号被停用"},
    {"sender_rejected", "发件人被拒绝"},
    {"relay_denied", "不允许转发"},
    {"policy_rejected", "因策略被拒绝"},
    {"greylisted", "灰名单，稍后重试"},
    {"rate_limited", "发信过快或超量"},
    {"too_many_connections", "并发连接过多"},
    {"too_many_recipients", "收件人过多"},
    {"remote_storage_full", "对方服务器存储已满"},
    {"try_later", "对方要求稍后再试"},
    {"remote_error", "对方系统出错"},
    {"local_error", "本机出错"},
    {"protocol_error", "SMTP 协议错误"},
};

constexpr NamedWords kFamilies[] = {
    {"recipient", "收件人"}, {"domain", "域名"}, {"network", "网络"}, {"reputation", "信誉"},
    {"content", "内容"},     {"auth", "验证"},   {"policy", "策略"},  {"capacity", "容量"},
    {"system", "系统"},      {"none", "未归类"},
};

constexpr NamedWords kProviders[] = {
    {"gmail", "谷歌 Gmail"},
    {"microsoft", "微软"},
    {"yahoo", "雅虎"},
    {"yahoo_japan", "日本雅虎"},
    {"apple", "苹果 iCloud"},
    {"tencent", "腾讯 QQ 邮箱"},
    {"netease", "网易"},
    {"sina", "新浪"},
    {"sohu", "搜狐"},
    {"net263", "263 企业邮箱"},
    {"cn21", "21CN"},
    {"china_mobile", "中国移动"},
    {"china_unicom", "中国联通"},
    {"tom", "TOM"},
    {"alibaba", "阿里邮箱"},
    {"mailru", "Mail.ru（俄罗斯）"},
    {"yandex", "Yandex（俄罗斯）"},
    {"t_online", "德国电信 T-Online"},
    {"orange", "法国 Orange"},
    {"free_fr", "法国 Free"},
    {"sfr", "法国 SFR"},
    {"laposte", "法国邮政"},
    {"docomo", "NTT docomo（日本）"},
    {"softbank", "软银"},
    {"biglobe", "BIGLOBE（日本）"},
    {"naver", "Naver（韩国）"},
    {"daum", "Daum（韩国）"},
    {"nate", "Nate（韩国）"},
    {"hinet", "中华电信 HiNet"},
    {"pchome", "PChome（台湾）"},
    {"seednet", "Seednet（台湾）"},
    {"amazon_ses", "亚马逊 SES"},
    {"trend_micro", "趋势科技"},
    {"barracuda", "梭子鱼"},
    {"ironport", "思科 IronPort"},
    {"messagelabs", "赛门铁克 MessageLabs"},
    {"fortinet", "飞塔 Fortinet"},
};

}  // namespace

std::string_view CauseWords(std::string_view cause, Language language) {
  return WordsFor(kCauseWords, cause, language);
}

std::string_view FamilyWords(std::string_view family, Language language) {
  return WordsFor(kFamilies, family, language);
}

std::string_view ProviderWords(std::string_view provider, Language language) {
  return WordsFor(kProviders, provider, language);
}

std::string WithWords(std::string_view name, std::string_view words) {
  std::string text(name);
  if (!words.empty()) text.append(" ").append(words);
  return text;
}

}  // namespace bouncesight
