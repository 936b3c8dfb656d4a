#include "metrics/summary_text.h"

#include <algorithm>
#include <cstdio>

#include "metrics/summary_words.h"
#include "metrics/text_table.h"
#include "parsers/text/columns.h"
#include "parsers/text/unseen.h"

namespace bouncesight {
namespace {

// "11-21 17:00": the head of the report has the year.
std::string ShortTime(const std::optional<Moment>& moment) {
  return moment ? DateAndTime(*moment).substr(5) : std::string();
}

// All sections, in the order of their printing.
class Report {
 public:
  Report(const Summary& summary, const SummaryStyle& style)
      : summary_(summary), style_(style), words_(WordsOf(style.language)) {}

  std::string Render(const Comparison* then) {
    Head();
    Recipients();
    Attempts();
    if (then != nullptr) Compared(*then);
    Causes();
    Where(words_.providers, summary_.providers);
    Where(words_.domains, summary_.domains);
    Codes();
    Blocklists();
    out_ += WhoText(summary_.who, style_);
    When();
    Delays();
    Refusals();
    Unknown();
    Advice();
    Sources();
    if (summary_.has_results()) Legend();
    Foot();
    return std::move(out_);
  }

 private:
  void Title(std::string_view title, std::string_view more = {}) {
    if (!out_.empty()) out_ += '\n';
    out_.append(Bold(title)).append(more) += '\n';
  }
  std::string Bold(std::string_view text) const {
    if (!style_.colour) return std::string(text);
    return std::string("\x1b[1m").append(text).append("\x1b[0m");
  }
  void Line(const std::string& line) { out_.append(line) += '\n'; }
  void Wrapped(std::string_view words, std::size_t indent) {
    Line(std::string(indent, ' ') + WrapText(words, indent, style_.width));
  }
  void Print(TextTable& table, bool apart = true) {
    if (table.empty()) return;
    if (apart && !out_.empty()) out_ += '\n';
    out_ += table.Render(style_.width, style_.colour);
  }

  void Head() {
    Title(words_.title);
    if (summary_.first) {
      const Moment& first = *summary_.first;
      const auto seconds = static_cast<double>(summary_.last->seconds - first.seconds);
      Wrapped(DateAndTime(first) + " " + std::string(words_.from_to) + " " +
                  DateAndTime(*summary_.last) + " " + ZoneText(*summary_.last) + " (" +
                  DurationText(seconds) + ")",
              2);
    }
    if (!summary_.hosts.empty()) Wrapped(Hosts(), 2);
    std::uint64_t lines = 0, counted = 0;
    for (const SourceSummary& source : summary_.sources) {
      lines += source.lines;
      counted += source.counted;
    }
    const std::size_t files = summary_.sources.size();
    std::string read =
        std::to_string(files) + " " + std::string(files == 1 ? words_.file : words_.files) + ", " +
        CountOfLines(lines) + ", " + std::to_string(counted) + " " + std::string(words_.results);
    if (summary_.untimed != 0) {
      read += " (" + std::to_string(summary_.untimed) + " " + std::string(words_.untimed) + ")";
    }
    Wrapped(read, 2);
  }

  std::string Hosts() const {
    constexpr std::size_t kShown = 6;
    const std::size_t count = summary_.hosts.size();
    std::string text = count == 1 ? std::string(words_.host)
                                  : std::to_string(count) + " " + std::string(words_.hosts);
    text += ": ";
    for (std::size_t i = 0; i < std::min(count, kShown); ++i) {
      text += (i == 0 ? "" : ", ") + summary_.hosts[i].first;
    }
    return count > kShown ? text + ", …" : text;
  }

  void Recipients() {
    const RecipientSummary& all = summary_.recipients;
    const std::uint64_t whole = all.delivered + all.failed + all.waiting.value_or(0);
    if (whole == 0) return;
    TextTable table({{words_.recipients}, {words_.number, true}, {words_.share, true}, {""}});
    const auto row = [&](std::string_view name, std::uint64_t count) {
      table.Row({std::string(name), std::to_string(count), ShareText(count, whole),
                 BarText(count, whole, kBarColumns)});
    };
    row(words_.delivered, all.delivered);
    row(words_.failed, all.failed);
    if (all.waiting) {
      row(words_.waiting, *all.waiting);
    } else {
      table.Row({std::string(words_.waiting), "?", "", std::string(words_.waiting_unknown)});
    }
    Print(table);
  }

  void Attempts() {
    std::uint64_t all = 0;
    for (const auto& [name, count] : summary_.outcomes) all += count;
    TextTable table({{words_.attempts}, {words_.number, true}, {words_.share, true}, {""}});
    for (const auto& [name, count] : summary_.outcomes) {
      if (count == 0 && name != "delivered") continue;
      table.Row({std::string(OutcomeWord(name, style_.language)), std::to_string(count),
                 ShareText(count, all), BarText(count, all, kBarColumns)});
    }
    Print(table);
  }

  void Compared(const Comparison& then) {
    std::string title = std::string(words_.compare) + " " + then.period;
    if (then.first) {
      title += " (" + DateAndTime(*then.first) + " " + std::string(words_.from_to) + " " +
               DateAndTime(*then.last) + ")";
    }
    Title(title);
    if (then.attempts_before == 0) return Wrapped(words_.nothing_then, 2);
    ComparedTable(words_.attempts, then.outcomes);
    ComparedTable(words_.causes, then.causes);
    ComparedTable(words_.providers, then.providers);
  }
  void ComparedTable(std::string_view title, const std::vector<ComparedRow>& rows) {
    TextTable table({{title},
                     {words_.before, true},
                     {words_.now, true},
                     {words_.before, true},
                     {words_.now, true},
                     {words_.change, true}});
    for (const ComparedRow& row : rows) {
      table.Row({std::string(ShortName(row.name, style_.language)), std::to_string(row.before),
                 std::to_string(row.now), PercentText(row.before_share), PercentText(row.now_share),
                 ChangeText(row.now_share - row.before_share)});
    }
    Print(table, false);
  }

  void Causes() {
    TextTable table({{words_.causes},
                     {words_.failures, true},
                     {words_.share, true},
                     {words_.permanent, true},
                     {words_.act},
                     {words_.since}});
    for (const Ranked& one : summary_.causes) {
      table.Row({std::string(ShortName(one.name, style_.language)), std::to_string(one.count),
                 ShareText(one.count, summary_.failures), std::to_string(one.permanent),
                 std::string(ActWord(one.act, style_.language)), ShortTime(one.first)});
    }
    Print(table);
  }

  void Where(std::string_view title, const std::vector<Ranked>& rows) {
    TextTable table({{title},
                     {words_.failures, true},
                     {words_.of_traffic, true},
                     {words_.median, true},
                     {words_.p95, true},
                     {words_.commonest}});
    for (const Ranked& one : rows) {
      table.Row({std::string(ShortName(one.name, style_.language)), std::to_string(one.count),
                 ShareText(one.count, one.attempts), DelayText(one.median), DelayText(one.p95),
                 std::string(ShortName(one.detail, style_.language))});
    }
    Print(table);
  }

  void Codes() {
    TextTable table({{words_.codes},
                     {words_.failures, true},
                     {words_.share, true},
                     {words_.permanent, true},
                     {words_.commonest}});
    for (const Ranked& one : summary_.codes) {
      table.Row({std::string(ShortName(one.name, style_.language)), std::to_string(one.count),
                 ShareText(one.count, summary_.failures), std::to_string(one.permanent),
                 std::string(ShortName(one.detail, style_.language))});
    }
    Print(table);
  }

  void Blocklists() {
    TextTable table({{words_.blocklists},
                     {words_.address},
                     {words_.failures, true},
                     {words_.first_seen},
                     {words_.last_seen}});
    for (const Ranked& one : summary_.blocklists) {
      table.Row({one.name, one.detail, std::to_string(one.count), ShortTime(one.first),
                 ShortTime(one.last)});
    }
    Print(table);
    std::string last;
    for (const Ranked& one : summary_.blocklists) {
      if (one.link.empty() || one.name == last) continue;
      last = one.name;
      Wrapped(one.name + ": " + one.link, 2);
    }
  }

  void When() {
    if (summary_.timeline.empty()) return;
    const std::string_view steps[] = {words_.quarter, words_.hour, words_.day, words_.month};
    Title(words_.when,
          std::string(" ") + std::string(steps[static_cast<std::size_t>(summary_.step)]));
    std::uint64_t most = 0;
    for (const TimelineRow& row : summary_.timeline) most = std::max(most, row.counts.all());
    TextTable table(
        {{""}, {words_.attempts, true}, {words_.failures, true}, {words_.failing, true}, {""}});
    for (const TimelineRow& row : summary_.timeline) {
      const TrafficCounts& counts = row.counts;
      table.Row({StepText(row.begin, summary_.step), std::to_string(counts.all()),
                 std::to_string(counts.failures()), ShareText(counts.failures(), counts.all()),
                 TwoBars(counts.failures(), counts.all(), most, TimelineColumns())});
    }
    Print(table, false);
  }
  std::size_t TimelineColumns() const {
    constexpr std::size_t kBeside = 54;  // time, three numbers and the gaps
    return style_.width > kBeside + 10 ? style_.width - kBeside : 10;
  }

  void Delays() {
    DelayTable(words_.delays, summary_.delays, &OutcomeWord);
    DelayTable(words_.steps, summary_.steps, &StepWord);
  }
  void DelayTable(std::string_view title, const std::vector<DelayRank>& rows,
                  std::string_view (*word)(std::string_view, Language)) {
    TextTable table({{title}, {words_.number, true}, {words_.median, true}, {words_.p95, true}});
    for (const DelayRank& one : rows) {
      table.Row({std::string(word(one.name, style_.language)), std::to_string(one.count),
                 DelayText(one.median), DelayText(one.p95)});
    }
    Print(table);
  }

  void Refusals() {
    const RefusalSummary& refusals = summary_.refusals;
    if (refusals.count == 0) return;
    Title(words_.refusals, ": " + std::to_string(refusals.count) + ", " +
                               std::to_string(refusals.permanent) + " " +
                               std::string(words_.refusals_for_good));
    TextTable causes({{words_.refusal_causes},
                      {words_.refused, true},
                      {words_.share, true},
                      {words_.permanent, true},
                      {words_.family}});
    for (const Ranked& one : refusals.causes) {
      causes.Row({std::string(ShortName(one.name, style_.language)), std::to_string(one.count),
                  ShareText(one.count, refusals.count), std::to_string(one.permanent),
                  std::string(ShortName(one.detail, style_.language))});
    }
    Print(causes, false);
    TextTable lists({{words_.refusal_lists}, {words_.refused, true}, {words_.share, true}});
    for (const Ranked& one : refusals.blocklists) {
      lists.Row({one.name, std::to_string(one.count), ShareText(one.count, refusals.count)});
    }
    Print(lists, false);
    if (refusals.unclassified_templates.empty()) return;
    Title(words_.unknown_refusals);
    Templates(refusals.unclassified_templates);
  }

  void Unknown() {
    if (summary_.unclassified_templates.empty()) return;
    Title(words_.unknown, ": " + std::to_string(summary_.unclassified) + " " +
                              std::string(words_.of) + " " + std::to_string(summary_.failures));
    Templates(summary_.unclassified_templates);
    Wrapped(words_.draft_hint, 2);
  }
  void Templates(const std::vector<MinedTemplate>& templates) {
    constexpr std::size_t kNumber = 9;
    for (const MinedTemplate& one : templates) {
      std::string line = PadLeft(std::to_string(one.count), kNumber) + "  ";
      EnhancedCodeText buffer;
      const std::string_view enhanced = FormatEnhancedCode(one.enhanced, buffer);
      if (one.code != 0) line += std::to_string(one.code) + " ";
      if (!enhanced.empty()) line.append(enhanced) += ' ';
      if (!one.domain.empty()) line += "(" + one.domain + ") ";
      line += one.text.empty() ? words_.no_words : std::string_view(one.text);
      Line(CutToColumns(ShownLine(line), style_.width));
    }
  }

  void Advice() {
    if (summary_.advice.empty()) return;
    Title(words_.advice);
    for (const AdviceSummary& one : summary_.advice) {
      Wrapped(FullName(one.cause, style_.language) + " (" + std::to_string(one.count) + "): " +
                  std::string(words_.act) + ": " + std::string(ActWord(one.act, style_.language)) +
                  "; " + std::string(words_.retry) + ": " +
                  std::string(RetryWord(one.retry, style_.language)),
              2);
      Wrapped(one.text.why, 4);
      for (std::size_t i = 0; i < one.text.steps.size(); ++i) {
        Line("    " + std::to_string(i + 1) + ". " + WrapText(one.text.steps[i], 7, style_.width));
      }
    }
  }

  std::string CountOfLines(std::uint64_t lines) const {
    return std::to_string(lines) + " " + std::string(lines == 1 ? words_.line : words_.lines);
  }

  void Sources() {
    Title(words_.sources);
    for (const SourceSummary& source : summary_.sources) {
      Line("  " + source.name + ": " + CountOfLines(source.lines) + ", " +
           std::to_string(source.counted) + " " + std::string(words_.counted));
      const auto note = [&](std::string_view name, std::uint64_t count) {
        if (count == 0) return;
        Line("    " + PadRight(name, 18) + PadLeft(std::to_string(count), 12));
      };
      for (const auto& [name, count] : source.skipped) note(SkipWord(name, style_.language), count);
      note(words_.cut, source.truncated);
    }
  }

  void Legend() {
    Title(words_.legend);
    for (const LegendEntry& one : LegendOf(style_.language)) {
      Line("  " + PadRight(one.term, 14) + WrapText(one.meaning, 16, style_.width));
    }
  }

  void Foot() {
    if (summary_.version.empty()) return;
    out_ += '\n';
    Line(std::string(words_.made) + " " + DateAndTime(summary_.made) + " " +
         ZoneText(summary_.made) + " " + std::string(words_.by) + " " + summary_.version);
  }

  static constexpr std::size_t kBarColumns = 30;

  const Summary& summary_;
  const SummaryStyle& style_;
  const SummaryWords& words_;
  std::string out_;
};

}  // namespace

std::string RenderSummaryText(const Summary& summary, const SummaryStyle& style,
                              const Comparison* then) {
  return Report(summary, style).Render(then);
}

}  // namespace bouncesight
