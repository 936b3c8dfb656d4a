#include <algorithm>
#include <cstdio>

#include "metrics/summary.h"

namespace bouncesight {
namespace {

constexpr std::size_t kNumberWidth = 12;
constexpr std::size_t kMaxNameWidth = 40;

std::string Left(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string Right(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string Share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f %%", percent);
  return buffer;
}

class TextReport {
 public:
  explicit TextReport(SummaryStyle style) : style_(style) {}

  void Title(const std::string& title, const std::string& columns = {}) {
    if (!out_.empty()) out_ += '\n';
    out_ += style_.colour ? "\x1b[1m" + title + "\x1b[0m" : title;
    if (!columns.empty()) out_ += columns;
    out_ += '\n';
  }

  // A ranking of which only counts are known.
  void Lists(const std::string& title, const std::vector<Ranked>& ranking, std::uint64_t whole) {
    if (ranking.empty()) return;
    std::size_t width = title.size() - 2;
    for (const Ranked& one : ranking) width = std::max(width, one.name.size());
    Title(title, Right(counted_, width + 2 - title.size() + kNumberWidth) + Right("share", 10));
    for (const Ranked& one : ranking) {
      Line("  " + Left(one.name, width) + Right(std::to_string(one.count), kNumberWidth) +
           Right(Share(one.count, whole), 10));
    }
  }

  void Line(std::string line) {
    const std::size_t end = line.find_last_not_of(' ');
    line.resize(end == std::string::npos ? 0 : end + 1);
    out_ += line + '\n';
  }

  void Ranking(const std::string& title, const std::string& detail,
               const std::vector<Ranked>& ranking, std::uint64_t whole) {
    if (ranking.empty()) return;
    std::size_t width = std::max<std::size_t>(title.size(), 10) - 2;
    for (const Ranked& one : ranking) width = std::max(width, one.name.size());
    width = std::min(width, kMaxNameWidth);
    Title(title, Right(counted_, width + 2 - title.size() + kNumberWidth) + Right("share", 10) +
                     Right("permanent", kNumberWidth) + "  " + detail);
    for (const Ranked& one : ranking) {
      Line("  " + Left(one.name, width) + Right(std::to_string(one.count), kNumberWidth) +
           Right(Share(one.count, whole), 10) + Right(std::to_string(one.permanent), kNumberWidth) +
           "  " + one.detail);
    }
  }

  // What the rankings from here on count.
  void Counting(std::string what) { counted_ = std::move(what); }

  std::string Take() { return std::move(out_); }

 private:
  SummaryStyle style_;
  std::string counted_ = "failures";
  std::string out_;
};

void Outcomes(const Summary& summary, TextReport& report) {
  std::uint64_t all = 0;
  for (const auto& [name, count] : summary.outcomes) all += count;
  report.Title("Deliveries");
  for (const auto& [name, count] : summary.outcomes) {
    if (count == 0 && name != "delivered") continue;
    report.Line("  " + Left(name, 14) + Right(std::to_string(count), kNumberWidth) +
                Right(Share(count, all), 10));
  }
}

void Templates(const std::vector<MinedTemplate>& templates, SummaryStyle style,
               TextReport& report) {
  for (const MinedTemplate& one : templates) {
    std::string line = Right(std::to_string(one.count), kNumberWidth) + "  ";
    line += one.text.empty() ? "(no words)" : one.text;
    std::size_t width = std::max<std::size_t>(style.width, 40);
    if (line.size() > width) {
      while ((static_cast<unsigned char>(line[width]) & 0xC0U) == 0x80) --width;
      line.resize(width);
    }
    report.Line(line);
  }
}

void Refusals(const RefusalSummary& refusals, SummaryStyle style, TextReport& report) {
  if (refusals.count == 0) return;
  report.Title("Refused by our own server: " + std::to_string(refusals.count) + ", " +
               std::to_string(refusals.permanent) + " of them for good");
  report.Counting("refusals");
  report.Ranking("Causes of refusals", "family", refusals.causes, refusals.count);
  report.Lists("Block lists asked", refusals.blocklists, refusals.count);
  if (refusals.unclassified_templates.empty()) return;
  report.Title("Refusals that no rule knows");
  Templates(refusals.unclassified_templates, style, report);
}

void Sources(const Summary& summary, TextReport& report) {
  report.Title("Sources");
  for (const SourceSummary& source : summary.sources) {
    report.Line("  " + source.name + ": " + std::to_string(source.lines) + " lines, " +
                std::to_string(source.counted) + " counted");
    const auto note = [&](const std::string& name, std::uint64_t count) {
      if (count == 0) return;
      report.Line("    " + Left(name, 18) + Right(std::to_string(count), kNumberWidth));
    };
    for (const auto& [name, count] : source.skipped) note(name, count);
    note("cut for length", source.truncated);
  }
}

}  // namespace

std::string RenderSummaryText(const Summary& summary, SummaryStyle style) {
  TextReport report(style);
  Outcomes(summary, report);
  report.Ranking("Causes", "family", summary.causes, summary.failures);
  report.Ranking("Domains", "commonest cause", summary.domains, summary.failures);
  report.Ranking("Codes", "commonest cause", summary.codes, summary.failures);
  report.Ranking("Providers", "commonest cause", summary.providers, summary.failures);
  report.Ranking("Block lists", "listed address", summary.blocklists, summary.failures);
  if (summary.unclassified != 0) {
    report.Title("Replies that no rule knows: " + std::to_string(summary.unclassified) + " of " +
                 std::to_string(summary.failures));
    Templates(summary.unclassified_templates, style, report);
  }
  Refusals(summary.refusals, style, report);
  Sources(summary, report);
  return report.Take();
}

}  // namespace bouncesight
