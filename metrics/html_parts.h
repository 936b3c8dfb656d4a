// The pieces of a report's page: its style, tables that become cards on a telephone, bars and
// columns as SVG. All text is escaped here; SVG holds no text, so that a mail program that drops it
// loses pictures and no words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/report_facts.h"

namespace bouncesight {

// From the document type to the start of <main>. Its policy (CSP) allows the page's own style and
// nothing else.
std::string HtmlHead(std::string_view language, std::string_view title);
std::string HtmlFoot(std::string_view words);

std::string HtmlElement(std::string_view tag, std::string_view text,
                        std::string_view css_class = {});

// A bar: `parts` of `whole`, each in the colour of its class ("ok", "wait", "bad"), one behind the
// other.
struct BarPart {
  std::uint64_t count;
  std::string_view css_class;
};
std::string SvgBar(const std::vector<BarPart>& parts, std::uint64_t whole);

// Columns of a timeline, at least one: failures for good below, what was put off above them, then
// what arrived.
std::string SvgColumns(const std::vector<TrafficCounts>& columns);

class HtmlTable {
 public:
  struct Column {
    std::string_view title;
    bool number = false;
    bool longer = false;  // sentences and links, which need a line of their own on a telephone
  };
  HtmlTable(std::string_view caption, std::vector<Column> columns);

  void Row();
  // The next cell of the row. `extra` stands behind the text as it is: markup made here.
  void Cell(std::string_view text, std::string_view extra = {});
  void Number(std::uint64_t number) { Cell(std::to_string(number)); }

  std::string Take();

 private:
  std::vector<Column> columns_;
  std::size_t at_ = 0;
  bool any_ = false;
  std::string out_;
};

}  // namespace bouncesight
