#include "metrics/html_parts.h"

#include <algorithm>
#include <cstdio>

#include "metrics/safe_text.h"

namespace bouncesight {
namespace {

// The policy names the SHA-256 of just these bytes: a changed style needs a new hash, which
// tests/cli/hostile_output_test.py tells.
constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b2126;--dim:#5b6670;--line:#dde2e7;--card:#f5f7f9;
--ok:#3f9b6c;--wait:#e0a12b;--bad:#cb4335;--link:#0a58b5}
@media(prefers-color-scheme:dark){:root{--bg:#14181c;--fg:#e4e8eb;--dim:#9aa5af;--line:#2d343b;
--card:#1c2227;--ok:#4fae7d;--wait:#d9a441;--bad:#e0695c;--link:#7db4f5}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:var(--bg);color:var(--fg)}
main{margin:0 auto;max-width:66rem;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem}
h3{font-size:1rem;margin:1.2rem 0 .2rem}
p,ol,dl{margin:.3rem 0}
a{color:var(--link);overflow-wrap:anywhere}
.dim{color:var(--dim);font-size:.9rem}
.cards{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.2rem 0 .6rem}
.card{flex:1 1 9rem;background:var(--card);border-left:4px solid var(--line);padding:.6rem .9rem}
.card.ok{border-color:var(--ok)}.card.wait{border-color:var(--wait)}.card.bad{border-color:var(--bad)}
.card b{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;background:var(--line)}
.bar{height:6px;margin-top:.25rem;min-width:5rem}
.wide{height:12px}
.columns{height:9rem;background:var(--card)}
rect.ok{fill:var(--ok)}rect.wait{fill:var(--wait)}rect.bad{fill:var(--bad)}
.axis{display:flex;justify-content:space-between;gap:1rem;color:var(--dim);font-size:.85rem}
.key span{white-space:nowrap;margin-right:1rem}
.key .ok::before,.key .wait::before,.key .bad::before{content:"";display:inline-block;width:.7em;
height:.7em;margin-right:.4em}
.key .ok::before{background:var(--ok)}.key .wait::before{background:var(--wait)}
.key .bad::before{background:var(--bad)}
table{border-collapse:collapse;width:100%;margin:0}
caption{text-align:left;font-size:1.2rem;font-weight:700;padding:2.2rem 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);
unicode-bidi:isolate;overflow-wrap:anywhere}
th{color:var(--dim);font-weight:600;font-size:.85rem;overflow-wrap:normal}
th::first-letter{text-transform:uppercase}
td:first-child,th:first-child{padding-left:0}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code,.reply{font-family:ui-monospace,monospace;font-size:.85rem}
dt{font-weight:600}dd{margin:0 0 .3rem}
footer{color:var(--dim);font-size:.85rem;margin-top:2.5rem;border-top:1px solid var(--line);
padding-top:.6rem}
@media(max-width:44rem){thead{position:absolute;left:-999rem}
td,tbody,table,caption{display:block}
tr{border-bottom:1px solid var(--line);padding:.5rem 0;display:grid;
grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.1rem 1.4rem}
td{border:0;padding:.1rem 0;display:flex;justify-content:space-between;gap:.6rem;text-align:right}
td:first-child{display:block;text-align:left;font-weight:600;grid-column:1/-1}
td.long{display:block;text-align:left;grid-column:1/-1}td.long::before{display:block}
td:not(:first-child)::before{content:attr(data-label);color:var(--dim);text-align:left;flex:none}
td:empty{display:none}}
@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--card:#fff;--link:#000}
body{font-size:11px}main{max-width:none;padding:0}h2,h3,caption{break-after:avoid}
tr,.card,figure{break-inside:avoid}thead{display:table-header-group}
svg,rect,.card{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";
constexpr const char* kStyleHash = "sha256-BajWHm4ENl9RKNG5KNNarTlBOgLIvJoYIVzfgze2xvU=";

std::string Decimal(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.2f", value);
  return buffer;
}

double Share(std::uint64_t part, std::uint64_t whole, double of) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole) * of;
}

std::string Rect(double x, double y, double width, double height, std::string_view css_class) {
  if (width <= 0 || height <= 0) return {};
  return "<rect x=\"" + Decimal(x) + "\" y=\"" + Decimal(y) + "\" width=\"" + Decimal(width) +
         "\" height=\"" + Decimal(height) + "\" class=\"" + std::string(css_class) + "\"/>";
}

std::string Svg(std::string_view css_class, double width, double height,
                const std::string& inside) {
  return "<svg class=\"" + std::string(css_class) + "\" viewBox=\"0 0 " + Decimal(width) + " " +
         Decimal(height) + "\" preserveAspectRatio=\"none\" aria-hidden=\"true\">" + inside +
         "</svg>";
}

}  // namespace

std::string HtmlHead(std::string_view language, std::string_view title) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"" + std::string(language) +
                    "\"><head><meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src '";
  out += kStyleHash;
  out +=
      "'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>";
  out += EscapeHtml(title) + "</title>\n<style>";
  out += kStyle;
  return out + "</style></head><body><main>\n";
}

std::string HtmlFoot(std::string_view words) {
  return HtmlElement("footer", words) + "</main></body></html>\n";
}

std::string HtmlElement(std::string_view tag, std::string_view text, std::string_view css_class) {
  std::string out = "<" + std::string(tag);
  if (!css_class.empty()) out.append(" class=\"").append(css_class).append(1, '"');
  return out + ">" + EscapeHtml(text) + "</" + std::string(tag) + ">\n";
}

std::string SvgBar(const std::vector<BarPart>& parts, std::uint64_t whole) {
  std::string inside;
  double x = 0;
  for (const BarPart& part : parts) {
    const double width = Share(part.count, whole, 100);
    inside += Rect(x, 0, width, 6, part.css_class);
    x += width;
  }
  return Svg(parts.size() > 1 ? "bar wide" : "bar", 100, 6, inside);
}

std::string SvgColumns(const std::vector<TrafficCounts>& columns) {
  constexpr double kWidth = 10, kGap = 1, kHeight = 100;
  std::uint64_t most = 0;
  for (const TrafficCounts& one : columns) most = std::max(most, one.all());
  std::string inside;
  double x = 0;
  for (const TrafficCounts& one : columns) {
    const auto& [delivered, deferred, bounced, expired] = one.attempts;
    double y = kHeight;
    for (const BarPart& part :
         {BarPart{bounced + expired, "bad"}, {deferred, "wait"}, {delivered, "ok"}}) {
      const double height = Share(part.count, most, kHeight);
      y -= height;
      inside += Rect(x, y, kWidth - kGap, height, part.css_class);
    }
    x += kWidth;
  }
  return Svg("columns", x - kGap, kHeight, inside);
}

HtmlTable::HtmlTable(std::string_view caption, std::vector<Column> columns)
    : columns_(std::move(columns)) {
  out_ = "<table>" + (caption.empty() ? "" : HtmlElement("caption", caption)) + "<thead><tr>";
  for (const Column& column : columns_) {
    out_ += column.number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">";
    out_.append(EscapeHtml(column.title)).append("</th>");
  }
  out_ += "</tr></thead><tbody>\n";
}

void HtmlTable::Row() {
  if (any_) out_ += "</tr>\n";
  out_ += "<tr>";
  any_ = true;
  at_ = 0;
}

void HtmlTable::Cell(std::string_view text, std::string_view extra) {
  const Column& column = columns_[at_++];
  out_ += column.number ? "<td class=\"n\"" : column.longer ? "<td class=\"long\"" : "<td";
  out_.append(" data-label=\"").append(EscapeHtml(column.title)).append("\">");
  out_.append(EscapeHtml(text)).append(extra).append("</td>");
}

std::string HtmlTable::Take() { return out_ + (any_ ? "</tr>\n" : "") + "</tbody></table>\n"; }

}  // namespace bouncesight
