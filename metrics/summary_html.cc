#include "metrics/summary_html.h"

#include "metrics/html_parts.h"
#include "metrics/safe_text.h"
#include "metrics/summary_words.h"
#include "metrics/text_table.h"

namespace bouncesight {
namespace {

std::string TimeText(const std::optional<Moment>& moment) {
  return moment ? DateAndTime(*moment) : std::string();
}

// All sections, in the order of the page.
class Page {
 public:
  Page(const Summary& summary, Language language)
      : summary_(summary), language_(language), words_(WordsOf(language)) {}

  std::string Render(const Comparison* then) {
    out_ = HtmlHead(language_ == Language::kChinese ? "zh-CN" : "en", words_.title);
    Head();
    Recipients();
    When();
    if (then != nullptr) Compared(*then);
    Causes();
    Where(words_.providers, summary_.providers);
    Where(words_.domains, summary_.domains);
    Blocklists();
    out_ += WhoHtml(summary_.who, language_);
    Attempts();
    Codes();
    DelayTable(words_.delays, summary_.delays, &OutcomeWord);
    DelayTable(words_.steps, summary_.steps, &StepWord);
    Unknown();
    Refusals();
    Advice();
    Sources();
    if (summary_.has_results()) Legend();
    std::string made(words_.by);
    if (!summary_.version.empty()) {
      made = std::string(words_.made) + " " + DateAndTime(summary_.made) + " " +
             ZoneText(summary_.made) + " " + made + " " + summary_.version;
    }
    return std::move(out_) + HtmlFoot(made);
  }

 private:
  void Head() {
    out_ += HtmlElement("h1", words_.title);
    std::string facts;
    if (summary_.first) {
      const auto seconds = static_cast<double>(summary_.last->seconds - summary_.first->seconds);
      facts = DateAndTime(*summary_.first) + " " + std::string(words_.from_to) + " " +
              DateAndTime(*summary_.last) + " " + ZoneText(*summary_.last) + " (" +
              DurationText(seconds) + ")";
    }
    for (std::size_t i = 0; i < summary_.hosts.size(); ++i) {
      constexpr std::size_t kShown = 8;
      if (i <= kShown)
        facts += (i == 0 ? " · " : ", ") + (i < kShown ? summary_.hosts[i].first : "…");
    }
    out_ += HtmlElement("p", facts, "dim");
  }

  void Card(std::string_view kind, std::string_view name, const std::string& number,
            const std::string& share) {
    out_ += "<div class=\"card " + std::string(kind) + "\">" + HtmlElement("b", number) +
            EscapeHtml(name) + " " + HtmlElement("span", share, "dim") + "</div>\n";
  }

  void Recipients() {
    const RecipientSummary& all = summary_.recipients;
    const std::uint64_t waiting = all.waiting.value_or(0);
    const std::uint64_t whole = all.delivered + all.failed + waiting;
    out_ += HtmlElement("h2", words_.recipients) + "<div class=\"cards\">\n";
    Card("ok", words_.delivered, std::to_string(all.delivered), ShareText(all.delivered, whole));
    Card("bad", words_.failed, std::to_string(all.failed), ShareText(all.failed, whole));
    Card("wait", words_.waiting, all.waiting ? std::to_string(waiting) : "?",
         all.waiting ? ShareText(waiting, whole) : std::string(words_.waiting_unknown));
    out_ +=
        "</div>\n" + SvgBar({{all.delivered, "ok"}, {all.failed, "bad"}, {waiting, "wait"}}, whole);
  }

  void When() {
    if (summary_.timeline.empty()) return;
    const std::string_view steps[] = {words_.quarter, words_.hour, words_.day, words_.month};
    out_ += HtmlElement("h2", std::string(words_.when) + " " +
                                  std::string(steps[static_cast<std::size_t>(summary_.step)]));
    std::vector<TrafficCounts> columns;
    std::uint64_t most = 0;
    for (const TimelineRow& row : summary_.timeline) {
      columns.push_back(row.counts);
      most = std::max(most, row.counts.all());
    }
    out_ += SvgColumns(columns) + "<div class=\"axis\">" +
            HtmlElement("span", RowTime(summary_.timeline.front().begin)) +
            HtmlElement("span", "max. " + std::to_string(most)) +
            HtmlElement("span", RowTime(summary_.timeline.back().begin)) + "</div>\n";
    out_ += "<p class=\"key dim\">" +
            HtmlElement("span", OutcomeWord("delivered", language_), "ok") +
            HtmlElement("span", OutcomeWord("deferred", language_), "wait") +
            HtmlElement("span", words_.failed, "bad") + "</p>\n";
    WhenTable(most);
  }
  std::string RowTime(const Moment& begin) const { return StepText(begin, summary_.step); }
  void WhenTable(std::uint64_t most) {
    constexpr std::size_t kMostRows = 62;
    if (summary_.timeline.size() < 2 || summary_.timeline.size() > kMostRows) return;
    HtmlTable table({}, {{words_.when},
                         {words_.attempts, true},
                         {words_.failures, true},
                         {words_.failing, true},
                         {words_.refused, true}});
    for (const TimelineRow& row : summary_.timeline) {
      const TrafficCounts& counts = row.counts;
      table.Row();
      table.Cell(RowTime(row.begin),
                 SvgBar({{counts.failures(), "bad"}, {counts.attempts[0], "ok"}}, most));
      table.Number(counts.all());
      table.Number(counts.failures());
      table.Cell(ShareText(counts.failures(), counts.all()));
      table.Number(counts.rejections);
    }
    out_ += table.Take();
  }

  void Compared(const Comparison& then) {
    std::string title = std::string(words_.compare) + " " + then.period;
    if (then.first) {
      title += " (" + DateAndTime(*then.first) + " " + std::string(words_.from_to) + " " +
               DateAndTime(*then.last) + ")";
    }
    out_ += HtmlElement("h2", title);
    if (then.attempts_before == 0) out_ += HtmlElement("p", words_.nothing_then);
    if (then.attempts_before == 0) return;
    ComparedTable(words_.attempts, then.outcomes);
    ComparedTable(words_.causes, then.causes);
    ComparedTable(words_.providers, then.providers);
  }
  void ComparedTable(std::string_view name, const std::vector<ComparedRow>& rows) {
    if (rows.empty()) return;
    const std::string before = std::string(words_.before) + " %",
                      now = std::string(words_.now) + " %";
    HtmlTable table(name, {{words_.name},
                           {words_.before, true},
                           {words_.now, true},
                           {before, true},
                           {now, true},
                           {words_.change, true}});
    for (const ComparedRow& row : rows) {
      table.Row();
      table.Cell(FullName(row.name, language_));
      table.Number(row.before);
      table.Number(row.now);
      table.Cell(PercentText(row.before_share));
      table.Cell(PercentText(row.now_share));
      table.Cell(ChangeText(row.now_share - row.before_share));
    }
    out_ += table.Take();
  }

  void Causes() {
    if (summary_.causes.empty()) return;
    HtmlTable table(words_.causes, {{words_.name},
                                    {words_.failures, true},
                                    {words_.share, true},
                                    {words_.permanent, true},
                                    {words_.act},
                                    {words_.since}});
    for (const Ranked& one : summary_.causes) {
      table.Row();
      table.Cell(FullName(one.name, language_),
                 SvgBar({{one.count, "bad"}}, summary_.causes[0].count));
      table.Number(one.count);
      table.Cell(ShareText(one.count, summary_.failures));
      table.Number(one.permanent);
      table.Cell(ActWord(one.act, language_));
      table.Cell(TimeText(one.first));
    }
    out_ += table.Take();
  }

  void Advice() {
    if (summary_.advice.empty()) return;
    out_ += HtmlElement("h2", words_.advice);
    for (const AdviceSummary& one : summary_.advice) {
      out_ += HtmlElement("h3", FullName(one.cause, language_));
      std::string facts = std::to_string(one.count) + " · ";
      facts.append(words_.act).append(": ").append(ActWord(one.act, language_)).append(" · ");
      facts.append(words_.retry).append(": ").append(RetryWord(one.retry, language_));
      out_ += HtmlElement("p", facts, "dim");
      out_ += HtmlElement("p", one.text.why) + "<ol>";
      for (const std::string& step : one.text.steps) out_ += HtmlElement("li", step);
      out_ += "</ol>\n";
    }
  }

  void Where(std::string_view title, const std::vector<Ranked>& rows) {
    if (rows.empty()) return;
    HtmlTable table(title, {{words_.name},
                            {words_.failures, true},
                            {words_.of_traffic, true},
                            {words_.median, true},
                            {words_.p95, true},
                            {words_.commonest}});
    for (const Ranked& one : rows) {
      table.Row();
      table.Cell(FullName(one.name, language_),
                 one.attempts == 0 ? ""
                                   : SvgBar({{one.count, "bad"}, {one.attempts - one.count, "ok"}},
                                            one.attempts));
      table.Number(one.count);
      table.Cell(ShareText(one.count, one.attempts));
      table.Cell(DelayText(one.median));
      table.Cell(DelayText(one.p95));
      table.Cell(ShortName(one.detail, language_));
    }
    out_ += table.Take();
  }

  void Blocklists() {
    if (summary_.blocklists.empty()) return;
    HtmlTable table(words_.blocklists, {{words_.name},
                                        {words_.address},
                                        {words_.failures, true},
                                        {words_.first_seen},
                                        {words_.last_seen},
                                        {words_.delisting}});
    for (const Ranked& one : summary_.blocklists) {
      table.Row();
      table.Cell(one.name);
      table.Cell(one.detail);
      table.Number(one.count);
      table.Cell(TimeText(one.first));
      table.Cell(TimeText(one.last));
      const std::string link = EscapeHtml(one.link);
      table.Cell("", link.empty() ? "" : "<a href=\"" + link + "\">" + link + "</a>");
    }
    out_ += table.Take();
  }

  void Attempts() {
    std::uint64_t all = 0;
    for (const auto& [name, count] : summary_.outcomes) all += count;
    HtmlTable table(words_.attempts,
                    {{words_.result}, {words_.number, true}, {words_.share, true}});
    for (const auto& [name, count] : summary_.outcomes) {
      const bool good = name == "delivered", final = name == "bounced" || name == "expired";
      table.Row();
      table.Cell(OutcomeWord(name, language_), SvgBar({{count, good    ? "ok"
                                                               : final ? "bad"
                                                                       : "wait"}},
                                                      all));
      table.Number(count);
      table.Cell(ShareText(count, all));
    }
    out_ += table.Take();
  }

  void Codes() {
    if (summary_.codes.empty()) return;
    HtmlTable table(words_.codes, {{words_.name},
                                   {words_.failures, true},
                                   {words_.share, true},
                                   {words_.permanent, true},
                                   {words_.commonest}});
    for (const Ranked& one : summary_.codes) {
      table.Row();
      table.Cell(FullName(one.name, language_));
      table.Number(one.count);
      table.Cell(ShareText(one.count, summary_.failures));
      table.Number(one.permanent);
      table.Cell(ShortName(one.detail, language_));
    }
    out_ += table.Take();
  }

  void DelayTable(std::string_view title, const std::vector<DelayRank>& rows,
                  std::string_view (*word)(std::string_view, Language)) {
    if (rows.empty()) return;
    HtmlTable table(
        title, {{words_.name}, {words_.number, true}, {words_.median, true}, {words_.p95, true}});
    for (const DelayRank& one : rows) {
      table.Row();
      table.Cell(word(one.name, language_));
      table.Number(one.count);
      table.Cell(DelayText(one.median));
      table.Cell(DelayText(one.p95));
    }
    out_ += table.Take();
  }

  void Unknown() {
    if (summary_.unclassified_templates.empty()) return;
    Templates(words_.unknown, summary_.unclassified_templates);
    out_ += HtmlElement("p", words_.draft_hint, "dim");
  }

  void Templates(std::string_view title, const std::vector<MinedTemplate>& templates) {
    HtmlTable table(title, {{words_.unknown},
                            {words_.number, true},
                            {words_.codes},
                            {words_.domains},
                            {words_.example}});
    for (const MinedTemplate& one : templates) {
      EnhancedCodeText buffer;
      std::string codes = one.code == 0 ? "" : std::to_string(one.code) + " ";
      codes += FormatEnhancedCode(one.enhanced, buffer);
      table.Row();
      table.Cell(one.text.empty() ? words_.no_words : std::string_view(one.text));
      table.Number(one.count);
      table.Cell(codes);
      table.Cell(one.domain);
      table.Cell(one.example);
    }
    out_ += table.Take();
  }

  void Refusals() {
    const RefusalSummary& refusals = summary_.refusals;
    if (refusals.count == 0) return;
    out_ += HtmlElement("h2", words_.refusals);
    out_ += HtmlElement("p",
                        std::to_string(refusals.count) + ", " + std::to_string(refusals.permanent) +
                            " " + std::string(words_.refusals_for_good),
                        "dim");
    if (!refusals.causes.empty()) {
      HtmlTable table(words_.refusal_causes, {{words_.name},
                                              {words_.refused, true},
                                              {words_.share, true},
                                              {words_.permanent, true},
                                              {words_.family}});
      for (const Ranked& one : refusals.causes) {
        table.Row();
        table.Cell(FullName(one.name, language_), SvgBar({{one.count, "wait"}}, refusals.count));
        table.Number(one.count);
        table.Cell(ShareText(one.count, refusals.count));
        table.Number(one.permanent);
        table.Cell(ShortName(one.detail, language_));
      }
      out_ += table.Take();
    }
    RefusalLists(refusals);
    if (refusals.unclassified_templates.empty()) return;
    Templates(words_.unknown_refusals, refusals.unclassified_templates);
  }

  void RefusalLists(const RefusalSummary& refusals) {
    if (refusals.blocklists.empty()) return;
    HtmlTable table(words_.refusal_lists,
                    {{words_.name}, {words_.refused, true}, {words_.share, true}});
    for (const Ranked& one : refusals.blocklists) {
      table.Row();
      table.Cell(one.name);
      table.Number(one.count);
      table.Cell(ShareText(one.count, refusals.count));
    }
    out_ += table.Take();
  }

  void Sources() {
    HtmlTable table(words_.sources, {{words_.name}, {words_.lines, true}, {words_.counted, true}});
    for (const SourceSummary& source : summary_.sources) {
      table.Row();
      std::string skipped;
      for (const auto& [reason, count] : source.skipped) {
        if (count == 0) continue;
        skipped.append(skipped.empty() ? "" : ", ").append(SkipWord(reason, language_));
        skipped += " " + std::to_string(count);
      }
      table.Cell(source.name, HtmlElement("div", skipped, "dim"));
      table.Number(source.lines);
      table.Number(source.counted);
    }
    out_ += table.Take();
  }

  void Legend() {
    out_ += HtmlElement("h2", words_.legend) + "<dl>";
    for (const LegendEntry& one : LegendOf(language_)) {
      out_ += HtmlElement("dt", one.term) + HtmlElement("dd", one.meaning);
    }
    out_ += "</dl>\n";
  }

  const Summary& summary_;
  const Language language_;
  const SummaryWords& words_;
  std::string out_;
};

}  // namespace

std::string RenderSummaryHtml(const Summary& summary, Language language, const Comparison* then) {
  return Page(summary, language).Render(then);
}

}  // namespace bouncesight
