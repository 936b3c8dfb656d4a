// Tables, numbers and bars of a report in plain text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// Rows under titles; the first column is the name, indented by two, and gives way where the table
// is too wide: its texts are cut, but never below twelve columns.
class TextTable {
 public:
  struct Column {
    std::string_view title;
    bool number = false;  // to the right
  };

  TextTable(std::initializer_list<Column> columns) : columns_(columns) {}

  void Row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  // With `colour` the title of the first column is bold. No blanks at the ends of lines.
  std::string Render(std::size_t width, bool colour) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string ShareText(std::uint64_t part, std::uint64_t whole);  // "12.5 %", or "-"
std::string PercentText(double percent);                         // "12.5 %"
std::string ChangeText(double points);                           // "+3.1", in per cent of the whole
std::string DelayText(double seconds);                           // "2.5 s", or "-" if negative

// A bar of at most `columns`, in eighths of a column: "██▌".
std::string BarText(std::uint64_t part, std::uint64_t whole, std::size_t columns);
// A bar for `all` out of `most`, of which the share of `part` is solid and the rest is light:
// "█░░░". What is there shows: a part above zero has a column at least.
std::string TwoBars(std::uint64_t part, std::uint64_t all, std::uint64_t most, std::size_t columns);

}  // namespace bouncesight
