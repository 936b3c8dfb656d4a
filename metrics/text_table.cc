#include "metrics/text_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "metrics/moment.h"
#include "parsers/text/columns.h"

namespace bouncesight {
namespace {

constexpr std::size_t kIndent = 2, kGap = 2, kLeastName = 12;

std::string Printed(const char* format, double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

std::string Repeat(std::string_view what, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += what;
  return text;
}

double Part(std::uint64_t part, std::uint64_t whole, std::size_t columns) {
  if (whole == 0) return 0;
  return static_cast<double>(part) / static_cast<double>(whole) * static_cast<double>(columns);
}

}  // namespace

std::string TextTable::Render(std::size_t width, bool colour) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    // The title of the first column begins at the edge, its cells two behind.
    const std::size_t title = TextColumns(columns_[i].title);
    widths.push_back(i == 0 ? std::max(title, kIndent) - kIndent : title);
    for (const auto& row : rows_) widths[i] = std::max(widths[i], TextColumns(row[i]));
  }
  std::size_t beside = kIndent;
  for (std::size_t i = 1; i < widths.size(); ++i) beside += kGap + widths[i];
  const std::size_t room = width > beside ? width - beside : 0;
  widths[0] = std::min(widths[0], std::max(room, kLeastName));

  std::string out;
  const auto line = [&](const std::vector<std::string>& cells, bool head) {
    std::string first =
        head ? PadRight(cells[0], widths[0] + kIndent)
             : std::string(kIndent, ' ') + PadRight(CutToColumns(cells[0], widths[0]), widths[0]);
    std::string rest;
    for (std::size_t i = 1; i < cells.size(); ++i) {
      rest.append(kGap, ' ');
      rest += columns_[i].number ? PadLeft(cells[i], widths[i]) : PadRight(cells[i], widths[i]);
    }
    rest.resize(rest.find_last_not_of(' ') + 1);
    if (head && colour)
      first.insert(0, "\x1b[1m").insert(first.find_last_not_of(' ') + 1, "\x1b[0m");
    out += first + rest;
    out.resize(out.find_last_not_of(' ') + 1);
    out += '\n';
  };
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.emplace_back(column.title);
  line(titles, true);
  for (const auto& row : rows_) line(row, false);
  return out;
}

std::string ShareText(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return PercentText(100.0 * static_cast<double>(part) / static_cast<double>(whole));
}
std::string PercentText(double percent) { return Printed("%.1f %%", percent); }
std::string ChangeText(double points) { return Printed("%+.1f", points); }
std::string DelayText(double seconds) { return seconds < 0 ? "-" : DurationText(seconds); }

std::string BarText(std::uint64_t part, std::uint64_t whole, std::size_t columns) {
  constexpr std::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  auto eighths = static_cast<std::size_t>(std::lround(Part(part, whole, columns) * 8));
  if (part != 0) eighths = std::max<std::size_t>(eighths, 1);
  return Repeat("█", eighths / 8) + std::string(kEighths[eighths % 8]);
}

std::string TwoBars(std::uint64_t part, std::uint64_t all, std::uint64_t most,
                    std::size_t columns) {
  auto whole = static_cast<std::size_t>(std::lround(Part(all, most, columns)));
  if (all != 0) whole = std::max<std::size_t>(whole, 1);
  auto solid = static_cast<std::size_t>(std::lround(Part(part, all, whole)));
  if (part != 0) solid = std::max<std::size_t>(solid, 1);
  return Repeat("█", solid) + Repeat("░", whole - std::min(solid, whole));
}

}  // namespace bouncesight
