// The page's own words in English and Chinese. What causes, providers, outcomes and the like are called comes from the server.
const CHINESE = {
  "Skip to the contents": "跳到正文", "Why does your mail bounce?": "邮件为什么退信？", "Period": "时间范围", "Sections": "栏目",
  "since the count began": "统计开始以来", "1 hour": "1 小时", "24 hours": "24 小时", "7 days": "7 天", "30 days": "30 天",
  "Timeline": "时间线", "Causes": "原因", "Explain a bounce": "解释退信", "Providers": "服务商", "Domains": "域名",
  "Block lists": "黑名单", "Senders": "发件域名", "Waiting": "等待中", "Recent failures": "最近的失败", "Unknown replies": "未识别的回复",
  "Our own refusals": "本机拒收", "Sources": "日志来源", "Rules": "规则", "Numbers": "数字", "Looking …": "正在查看……",
  "by": "按", "outcome": "结果", "cause": "原因", "provider": "服务商", "The same as a table": "以表格显示",
  "Why mail failed, the most first. Open one to see what to do.": "邮件失败的原因，最多的在前。展开可看处理办法。",
  "A reply, log lines or a whole bounce; it is judged here and kept nowhere.": "粘贴一条回复、日志行或整封退信；只在本机判断，不会保存。",
  "Explain": "解释", "Addresses of ours that replies call listed.": "对方回复中称被列入黑名单的本方地址。",
  "Recipients that were put off and are not settled yet.": "已被暂缓、尚无最终结果的收件人。",
  "Domain": "域名", "Cause": "原因", "Provider": "服务商", "Queue id": "队列 ID", "Recipient": "收件人", "Search": "搜索", "Older ones": "更早的",
  "Replies that no rule knows. Give the draft a cause and put it into /etc/bouncesight/rules.d/.":
    "没有规则认识的回复。给草稿规则填上原因，放进 /etc/bouncesight/rules.d/ 即可。",
  "What our own server turned away on the way in. It is in none of the figures above.": "本机服务器在收信时拒绝的邮件，不计入以上数字。",
  "How often each has hit since the count began.": "统计开始以来每条规则的命中次数。",
  "Charts by Chart.js, © Chart.js Contributors, MIT licence.": "图表使用 Chart.js，© Chart.js Contributors，MIT 许可证。",
  "Attempts": "投递尝试", "per minute now": "次/分钟（当前）", "Waiting now": "正在等待", "nobody": "无", "oldest {t}": "最久 {t}", "Refused by us": "本机拒收",
  "Must act": "处理方", "Retry": "重试", "Code": "代码", "Outcome": "结果", "Rule": "规则", "Block list": "黑名单",
  "{n} more are not shown.": "还有 {n} 条未显示。", "There is nothing to explain in it.": "其中没有可解释的内容。",
  "automatic reply": "自动回复", "abuse report": "滥用投诉", "dmarc report": "DMARC 报告", "tls report": "TLS 报告", "read receipt": "已读回执",
  "receipt": "送达回执", "delay": "延迟通知", "headline": "退信标题", "waiting": "排队等待", "held": "已在队列中挂起", "no bounce": "没有退信的迹象", "Delay": "延迟",
  "held in the queue until somebody releases it": "在队列中挂起，需要有人放行",
  "the mail waits, and is tried again": "邮件仍在等待，会再次尝试",
  "Failures": "失败", "Share": "占比", "Last": "最近", "Since": "起始", "Address": "地址", "Hits": "次数", "Delisting": "解除",
  "Failing": "失败率", "Commonest cause": "主要原因", "Sender": "发件域名", "Recipients": "收件人", "Oldest": "最久",
  "Time": "时间", "Reply": "回复", "Template": "模板", "Count": "次数", "Example": "示例", "Draft rule": "草稿规则", "Copy": "复制", "Copied": "已复制",
  "Source": "来源", "State": "状态", "Lines": "行数", "Counted": "计入", "Behind": "落后", "Last line": "最后一行", "Format": "格式", "Files": "文件",
  "ok": "正常", "hung": "读取卡住", "denied": "无权读取", "missing": "找不到", "lost": "有丢失",
  "unknown": "未知", "other": "其他", "none": "无", "page": "页面", "yours": "自定义", "others": "其余",
  "No failures in this period.": "此时段没有失败。", "No reply has called an address of ours listed.": "没有回复称本方地址被列入黑名单。",
  "Nobody waits.": "没有等待的收件人。", "Nothing found.": "没有找到。", "Nothing was refused.": "没有拒收。", "None so far.": "暂无。",
  "Every reply is known to a rule.": "所有回复都有规则认识。",
  "History is off, so there is no search and no earlier period: set `history:` in bouncesight.yaml. All counters are here all the same.":
    "历史记录未开启，因此没有搜索和更早的时段：请在 bouncesight.yaml 中设置 `history:`。所有计数仍然可用。",
  "History is off: the rate since this page was opened.": "历史记录未开启：仅显示打开本页以来的速率。",
  "Steps of {t}. Times are this browser's.": "每格 {t}。时间为浏览器所在时区。", "per minute": "每分钟",
  "All is well": "一切正常", "Worth a look": "需要留意", "Something hurts": "有问题", "No contact": "联系不上",
  "bouncesight does not answer: {e}": "bouncesight 没有应答：{e}",
  "What was written while it was away is still being read; figures will grow.": "正在补读停机期间的日志，数字还会增长。",
  "Source {s}: a read does not come back.": "来源 {s}：读取没有返回。", "Source {s}: a file may not be read (permissions).": "来源 {s}：文件无权读取（检查权限）。",
  "Source {s}: nothing that it looks for is there.": "来源 {s}：要读的文件都不存在。", "Source {s}: {n} behind.": "来源 {s}：落后 {n}。",
  "Source {s}: no line for {t}.": "来源 {s}：已有 {t} 没有新行。", "Source {s}: lines were gone before they were counted.": "来源 {s}：有日志在统计前已丢失。",
  "The state has not been written for {t}: is the disk full?": "状态已有 {t} 未写入：磁盘满了吗？",
  "The last reload failed; the rules before it are in force.": "上次重新加载失败，仍在使用之前的规则。",
  "{a} is listed by {l}, by replies: {n}.": "{a} 被 {l} 列入黑名单，{n} 条回复。", "{n} more": "另外 {n} 条", "All is read": "日志读取正常",
  "An address of ours": "本方地址", "{n} of attempts were refused for good.": "{n} 的投递被永久拒绝。",
  "{w}: {n} of attempts fail.": "{w}：{n} 的投递失败。", "{w}: {n} of attempts fail, mostly {c}.": "{w}：{n} 的投递失败，主要是{c}。",
  "{n} of the failures are for no known reason.": "{n} 的失败原因不明。", "{n} of attempts arrived.": "{n} 的投递已送达。",
  "The most failures: {c}, {n}.": "失败最多的原因：{c}，{n}。", "No mail has been tried yet.": "还没有投递。",
  "Figures: {p}": "统计范围：{p}", "last hour": "最近 1 小时", "{n} replies are known to no rule; `bouncesight report` lists them.": "有 {n} 条回复没有规则认识；`bouncesight report` 可列出。",
};

let chosen = new URLSearchParams(location.search).get("lang") ?? stored();
if (chosen !== "en" && chosen !== "zh") chosen = navigator.languages?.find((one) => /^(en|zh)\b/i.test(one))?.slice(0, 2).toLowerCase() ?? "en";

function stored() {
  try { return localStorage.getItem("bouncesight.language"); } catch { return null; }
}

export const language = () => chosen;
export const locale = () => (chosen === "zh" ? "zh-CN" : "en-GB");

export function chooseLanguage(one) {
  chosen = one;
  try { localStorage.setItem("bouncesight.language", one); } catch { /* it lasts for this visit only */ }
}

// The words for `text` with {names} filled in.
export function t(text, values = {}) {
  const words = (chosen === "zh" && CHINESE[text]) || text;
  return words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

// Everything that stands in the document already.
export function translateDocument() {
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  for (const one of document.querySelectorAll("[data-t]")) {
    one.dataset.t ||= one.textContent;
    one.textContent = t(one.dataset.t);
  }
  for (const one of document.querySelectorAll("[data-t-label]")) {
    one.dataset.tLabel ||= one.getAttribute("aria-label");
    one.setAttribute("aria-label", t(one.dataset.tLabel));
  }
}

let vocabulary = { causes: [], providers: {}, outcomes: {}, acts: {}, retries: {} };
let causes = new Map();

export function setVocabulary(words) {
  vocabulary = words;
  causes = new Map(words.causes.map((one) => [one.cause, one]));
}

export const allCauses = () => vocabulary.causes;
export const adviceOf = (cause) => causes.get(cause);
export const causeWords = (cause) => [causes.get(cause)?.words, cause].filter(Boolean).join(" ");
export const providerWords = (name) => (name ? [vocabulary.providers[name], name].filter(Boolean).join(" ") : t("unknown"));
export const outcomeWord = (name) => vocabulary.outcomes[name] ?? name;
export const actWord = (name) => vocabulary.acts[name] ?? name;
export const retryWord = (name) => vocabulary.retries[name] ?? name;
