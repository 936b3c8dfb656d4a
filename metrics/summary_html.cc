#include "metrics/summary_html.h"

#include <cstdio>

#include "metrics/safe_text.h"

namespace bouncesight {
namespace {

// The policy names the SHA-256 of just these bytes: a changed style needs a new hash, which
// tests/cli/report_test.py tells.
constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--line:#8884;--dim:#767676}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:0 0 2rem}
caption{text-align:left;font-size:1.25rem;font-weight:600;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line);
unicode-bidi:isolate;overflow-wrap:anywhere}
th{color:var(--dim);font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.remedy td{border-top:0;font-size:.9rem;padding-left:1.6rem}
.remedy p,.remedy ol{margin:.2rem 0}
.with td{border-bottom:0}
.reply{font-family:ui-monospace,monospace;font-size:.85rem}
footer{color:var(--dim);font-size:.85rem}
@media print{body{margin:0;max-width:none;font-size:11px}tr{break-inside:avoid}
thead{display:table-header-group}a{color:inherit}}
)";
constexpr const char* kStyleHash = "sha256-oMOFc3d5eSD9sYZYSFgutdqdUKwzdQCLGSPToVdIOE0=";

std::string Share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f %%",
                100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return buffer;
}

class Page {
 public:
  Page(const Summary& summary, const RuleSet& rules) : summary_(summary), rules_(rules) {}

  std::string Render() {
    Head();
    Outcomes();
    Causes();
    Ranking("Domains", "Commonest cause", summary_.domains);
    Ranking("Providers", "Commonest cause", summary_.providers);
    Ranking("Codes", "Commonest cause", summary_.codes);
    Blocklists();
    Unclassified();
    Refusals();
    Sources();
    out_ += "<footer>bouncesight</footer>\n</body></html>\n";
    return std::move(out_);
  }

 private:
  void Head() {
    out_ =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '";
    out_ += kStyleHash;
    out_ +=
        "'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>Why mail failed</title>\n<style>";
    out_ += kStyle;
    out_ += "</style></head><body>\n<h1>Why mail failed</h1>\n";
  }

  void Open(std::string_view title, std::initializer_list<std::string_view> columns) {
    out_.append("<table><caption>").append(title).append("</caption><thead><tr>");
    for (std::string_view column : columns) {
      const bool number = column.starts_with('#');
      if (number) column.remove_prefix(1);
      out_.append(number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
      out_.append(column).append("</th>");
    }
    out_ += "</tr></thead><tbody>\n";
  }
  void Close() { out_ += "</tbody></table>\n"; }

  void Cell(std::string_view text, std::string_view kind = {}) {
    out_ += "<td";
    if (!kind.empty()) out_.append(" class=\"").append(kind).append(1, '"');
    out_.append(1, '>').append(EscapeHtml(text)).append("</td>");
  }
  void Number(std::uint64_t number) { Cell(std::to_string(number), "n"); }
  void Counts(const Ranked& one) {
    Number(one.count);
    Cell(Share(one.count, summary_.failures), "n");
    Number(one.permanent);
  }

  void Outcomes() {
    std::uint64_t all = 0;
    for (const auto& [name, count] : summary_.outcomes) all += count;
    Open("Deliveries", {"Outcome", "#Results", "#Share"});
    for (const auto& [name, count] : summary_.outcomes) {
      out_ += "<tr>";
      Cell(name);
      Number(count);
      Cell(Share(count, all), "n");
      out_ += "</tr>\n";
    }
    Close();
  }

  void Causes() {
    Open("Causes", {"Cause", "Family", "#Failures", "#Share", "#Permanent"});
    for (const Ranked& one : summary_.causes) {
      out_ += "<tr class=\"with\">";
      Cell(one.name);
      Cell(one.detail);
      Counts(one);
      out_ += "</tr>\n";
      if (const auto cause = rules_.FindCause(one.name)) Remedy(rules_.advice(*cause, {}));
    }
    Close();
  }

  void Remedy(const Advice& advice) {
    out_.append("<tr class=\"remedy\"><td colspan=\"5\"><p>").append(EscapeHtml(advice.en.why));
    out_ += "</p><ol>";
    for (const std::string& step : advice.en.steps) {
      out_.append("<li>").append(EscapeHtml(step)).append("</li>");
    }
    out_ += "</ol></td></tr>\n";
  }

  void Ranking(std::string_view title, std::string_view detail,
               const std::vector<Ranked>& ranking) {
    if (ranking.empty()) return;
    Open(title, {"Name", "#Failures", "#Share", "#Permanent", detail});
    for (const Ranked& one : ranking) {
      out_ += "<tr>";
      Cell(one.name);
      Counts(one);
      Cell(one.detail);
      out_ += "</tr>\n";
    }
    Close();
  }

  void Blocklists() {
    if (summary_.blocklists.empty()) return;
    Open("Block lists",
         {"List", "#Failures", "#Share", "#Permanent", "Listed address", "Delisting"});
    for (const Ranked& one : summary_.blocklists) {
      out_ += "<tr>";
      Cell(one.name);
      Counts(one);
      Cell(one.detail);
      const std::string link = EscapeHtml(rules_.delisting_link(one.name));
      if (link.starts_with("https://") || link.starts_with("http://")) {
        out_ += "<td><a href=\"" + link + "\">" + link + "</a></td>";
      } else {
        Cell("");
      }
      out_ += "</tr>\n";
    }
    Close();
  }

  void Unclassified() {
    if (summary_.unclassified_templates.empty()) return;
    Templates("Replies that no rule knows", "#Failures", summary_.unclassified_templates);
    out_ +=
        "<p>What to do: <code>bouncesight report --draft-rules</code> writes a rule for each of "
        "them; name its cause and put it into <code>/etc/bouncesight/rules.d</code>.</p>\n";
  }

  void Templates(std::string_view title, std::string_view count,
                 const std::vector<MinedTemplate>& templates) {
    Open(title, {"Reply", count, "Codes", "Example"});
    for (const MinedTemplate& one : templates) {
      EnhancedCodeText buffer;
      std::string codes = one.code == 0 ? "" : std::to_string(one.code) + " ";
      codes += FormatEnhancedCode(one.enhanced, buffer);
      out_ += "<tr>";
      Cell(one.text.empty() ? "(no words)" : one.text, "reply");
      Number(one.count);
      Cell(codes);
      Cell(one.example, "reply");
      out_ += "</tr>\n";
    }
    Close();
  }

  void Refusals() {
    const RefusalSummary& refusals = summary_.refusals;
    if (refusals.count == 0) return;
    out_ += "<h2>Refused by our own server</h2>\n";
    Open("Causes of refusals", {"Cause", "Family", "#Refusals", "#Share", "#Permanent"});
    for (const Ranked& one : refusals.causes) {
      out_ += "<tr>";
      Cell(one.name);
      Cell(one.detail);
      Number(one.count);
      Cell(Share(one.count, refusals.count), "n");
      Number(one.permanent);
      out_ += "</tr>\n";
    }
    Close();
    RefusalLists(refusals);
    if (refusals.unclassified_templates.empty()) return;
    Templates("Refusals that no rule knows", "#Refusals", refusals.unclassified_templates);
  }

  void RefusalLists(const RefusalSummary& refusals) {
    if (refusals.blocklists.empty()) return;
    Open("Block lists asked", {"List", "#Refusals", "#Share"});
    for (const Ranked& one : refusals.blocklists) {
      out_ += "<tr>";
      Cell(one.name);
      Number(one.count);
      Cell(Share(one.count, refusals.count), "n");
      out_ += "</tr>\n";
    }
    Close();
  }

  void Sources() {
    Open("Sources", {"Source", "Lines", "#Number"});
    for (const SourceSummary& source : summary_.sources) {
      SourceRow(source.name, "read", source.lines);
      SourceRow("", "counted", source.counted);
      for (const auto& [reason, count] : source.skipped) {
        if (count != 0) SourceRow("", reason, count);
      }
    }
    Close();
  }
  void SourceRow(std::string_view name, std::string_view what, std::uint64_t count) {
    out_ += "<tr>";
    Cell(name);
    Cell(what);
    Number(count);
    out_ += "</tr>\n";
  }

  const Summary& summary_;
  const RuleSet& rules_;
  std::string out_;
};

}  // namespace

std::string RenderSummaryHtml(const Summary& summary, const RuleSet& rules) {
  return Page(summary, rules).Render();
}

}  // namespace bouncesight
