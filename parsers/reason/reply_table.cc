#include "parsers/reason/reply_table.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "parsers/event/smtp_reply.h"
#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

using Row = std::vector<std::string>;

constexpr std::size_t kMostColumns = 64;
constexpr std::size_t kNoColumn = std::string_view::npos;

// Takes a field in double quotes, a doubled one standing for itself, off the start of `text`.
// False: it has no end.
bool TakeQuotedField(std::string_view& text, std::string& field) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    const bool doubled = text.substr(at).starts_with("\"\"");
    if (text[at] == '"' && !doubled) {
      text.remove_prefix(at + 1);
      return true;
    }
    field += text[at];
    if (doubled) ++at;
  }
  return false;
}

// Takes a row with the end of its line. `ends`: what ends a field, the mark and LF. False: no row
// of a table.
bool TakeRow(std::string_view& text, std::string_view ends, Row& row) {
  while (row.size() < kMostColumns) {
    std::string field;
    if (ends[0] != '\t') text = SkipBlanks(text);
    if (text.starts_with('"') && !TakeQuotedField(text, field)) return false;
    const std::size_t end = text.find_first_of(ends);
    field += text.substr(0, end);
    row.push_back(Unfold(field));
    text.remove_prefix(std::min(end, text.size()));
    if (text.empty()) return true;
    const bool last = text[0] == '\n';
    text.remove_prefix(1);
    if (last) return true;
  }
  return false;
}

// "| a | b |", and "|---|---|" or "+---+---+" under it, as databases and Markdown draw them.
void StripFrame(Row& row) {
  if (row.size() > 2 && row.front().empty() && row.back().empty()) {
    row.erase(row.begin());
    row.pop_back();
  }
}

bool IsRule(const Row& row) {
  return std::ranges::all_of(row, [](const std::string& field) {
    return field.find_first_not_of("-+:=") == std::string::npos;
  });
}

// Empty: not a table whose fields end so.
std::vector<Row> ReadRows(std::string_view text, std::string_view ends) {
  std::vector<Row> rows;
  while (!text.empty()) {
    Row row;
    if (!TakeRow(text, ends, row)) return {};
    if (IsRule(row)) continue;  // a blank line, too
    if (ends[0] == '|') StripFrame(row);
    if (row.size() < 2 || (!rows.empty() && row.size() != rows[0].size())) return {};
    rows.push_back(std::move(row));
  }
  return rows;
}

bool IsAddress(std::string_view field) {
  std::string_view address;
  return TakeAddress(field, address) && field.empty() && address.find('@') != kNotFound;
}

bool IsEnhancedCode(std::string_view field) {
  std::size_t length = 0;
  return ParseEnhancedCode(field, length).present() && length == field.size();
}

bool IsReplyCode(std::string_view field) {
  return field.size() == 3 && field[0] >= '2' && field[0] <= '5' && AllDigits(field);
}

bool Names(std::string_view heading, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [=](std::string_view word) { return FindNoCase(heading, word) != kNotFound; });
}

// How much of a reply a field holds.
std::size_t WordsIn(const std::string& field) {
  const auto blanks = std::ranges::count(field, ' ');
  if (blanks == 0 || (blanks == 1 && !FindAddress(field).empty())) return 0;
  std::size_t length = 0;
  if (IsReply(field) || ParseEnhancedCode(field, length).present()) return 4;
  return IsDigit(field[0]) ? 0 : 1;  // no date
}

struct Columns {
  std::size_t recipient = kNoColumn;
  std::size_t words = kNoColumn;
  std::size_t code = kNoColumn;
  std::size_t enhanced = kNoColumn;
  bool headed = false;
};

// Where each row but the first, which may be a heading, holds what `holds` asks for or nothing.
template <typename Holds>
bool IsColumnOf(const std::vector<Row>& rows, std::size_t column, Holds holds) {
  bool any = false;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string& field = rows[i][column];
    if (!field.empty() && !holds(field)) return false;
    any = any || !field.empty();
  }
  return any;
}

// The column of the recipients: the only one of addresses, or the one whose heading says so.
std::size_t FindRecipients(const std::vector<Row>& rows) {
  static constexpr std::string_view kWords[] = {"recip", "rcpt", "to", "收件", "empf", "dest"};
  static constexpr std::string_view kOthers[] = {"reply", "from", "sender", "return"};
  std::size_t found = kNoColumn;
  std::size_t named = kNoColumn;
  bool several = false;
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    if (!IsColumnOf(rows, i, IsAddress)) continue;
    several = several || found != kNoColumn;
    found = i;
    if (Names(rows[0][i], kWords) && !Names(rows[0][i], kOthers)) named = i;
  }
  return several ? named : found;
}

std::size_t FindWords(const std::vector<Row>& rows) {
  static constexpr std::string_view kWords[] = {"reason", "error",  "response", "diag",  "detail",
                                                "reply",  "status", "message",  "bounce"};
  static constexpr std::string_view kOthers[] = {"subject", "date", "time", "agent", "主题"};
  std::size_t best = kNoColumn;
  std::size_t most = 0;
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    if (Names(rows[0][i], kOthers)) continue;
    std::size_t sum = 0;
    for (std::size_t row = 1; row < rows.size(); ++row) sum += WordsIn(rows[row][i]);
    if (sum > 0 && Names(rows[0][i], kWords)) sum += rows.size() * 2;
    if (sum == 0 || sum < most) continue;  // of two that tell as much, the last: names come first
    most = sum;
    best = i;
  }
  return best;
}

// A service has codes of its own, such as 605, beside those of SMTP; where no heading speaks of
// codes, three figures may be a size.
bool IsColumnOfCodes(const std::vector<Row>& rows, std::size_t column) {
  static constexpr std::string_view kWords[] = {"code"};
  const auto figures = [](std::string_view field) { return field.size() == 3 && AllDigits(field); };
  return IsColumnOf(rows, column, IsReplyCode) ||
         (Names(rows[0][column], kWords) && IsColumnOf(rows, column, figures));
}

Columns FindColumns(const std::vector<Row>& rows) {
  Columns columns;
  columns.recipient = FindRecipients(rows);
  columns.words = FindWords(rows);
  if (columns.recipient == kNoColumn) return columns;
  columns.headed = !IsAddress(rows[0][columns.recipient]);
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    if (IsColumnOfCodes(rows, i)) columns.code = i;
    if (IsColumnOf(rows, i, IsEnhancedCode)) columns.enhanced = i;
  }
  return columns;
}

ReportedFailure FailureOf(const Row& row, const Columns& columns) {
  ReportedFailure failure;
  std::string_view recipient = row[columns.recipient];
  std::string_view address;
  if (TakeAddress(recipient, address)) failure.recipient = address;
  failure.words = row[columns.words];
  std::size_t length = 0;
  if (columns.enhanced != kNoColumn)
    failure.status = ParseEnhancedCode(row[columns.enhanced], length);
  const bool coded = columns.code != kNoColumn && IsReplyCode(row[columns.code]);
  if (coded && !IsReply(failure.words) && !failure.words.empty())
    failure.words = row[columns.code] + " " + failure.words;
  return failure;
}

bool TellsOfFailure(const ReportedFailure& failure) {
  const bool delivered = IsReply(failure.words) && !IsRefusal(failure.words);
  return !failure.words.empty() && !delivered && failure.status.status_class != 2;
}

}  // namespace

std::vector<ReportedFailure> ReadReplyTable(std::string_view text) {
  for (const std::string_view ends : {",\n", ";\n", "\t\n", "|\n"}) {
    const std::vector<Row> rows = ReadRows(text, ends);
    if (rows.size() < 2) continue;
    const Columns columns = FindColumns(rows);
    if (columns.recipient == kNoColumn || columns.words == kNoColumn) continue;
    std::vector<ReportedFailure> failures;
    for (std::size_t i = columns.headed ? 1 : 0; i < rows.size(); ++i) {
      ReportedFailure failure = FailureOf(rows[i], columns);
      if (TellsOfFailure(failure)) failures.push_back(std::move(failure));
    }
    return failures;
  }
  return {};
}

}  // namespace bouncesight
