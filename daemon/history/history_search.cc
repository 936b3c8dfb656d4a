// Which rows hold what a filter asks for. Blocks of rows that cannot are passed over by their times
// and marks (block_marks.h), so that nothing else needs an index.
#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/history/block_marks.h"
#include "daemon/history/history_question.h"
#include "daemon/history/history_reader.h"
#include "daemon/history/schema.h"

namespace bouncesight {
namespace {

constexpr const char* kRowColumns =
    "id, time, code, results, source, host, mta, instance, outcome, cause, provider, domain, "
    "enhanced_code, blocklist, listed_ip, reply, sender_domain, queue_id, recipient";

HistoryRow RowOf(const SqliteQuery& query, HistoryQuestion& question) {
  HistoryRow row;
  row.id = query.Number(0);
  row.time = query.Number(1);
  row.code = static_cast<std::uint16_t>(query.Number(2));
  row.results = static_cast<std::uint32_t>(query.Number(3));
  int column = 4;
  for (std::string* name : {&row.source, &row.host, &row.mta, &row.instance, &row.outcome,
                            &row.cause, &row.provider, &row.domain, &row.enhanced_code,
                            &row.blocklist, &row.listed_ip, &row.reply, &row.sender_domain}) {
    *name = question.Text(query.Number(column++));
  }
  row.queue_id = query.Text(column++);
  row.recipient = query.Text(column);
  return row;
}

// A filter in terms of the tables.
class Conditions {
 public:
  Conditions(const HistoryFilter& filter, HistoryQuestion& question) : span_(filter.span) {
    Name("source", MarkedColumn::kSource, filter.source, question);
    Name("host", MarkedColumn::kHost, filter.host, question);
    Name("outcome", MarkedColumn::kOutcome, filter.outcome, question);
    Name("cause", MarkedColumn::kCause, filter.cause, question);
    Name("provider", MarkedColumn::kProvider, filter.provider, question);
    Name("domain", MarkedColumn::kDomain, filter.domain, question);
    Name("enhanced_code", MarkedColumn::kEnhancedCode, filter.enhanced_code, question);
    Name("blocklist", MarkedColumn::kBlocklist, filter.blocklist, question);
    Name("listed_ip", MarkedColumn::kListedIp, filter.listed_ip, question);
    Name("sender_domain", MarkedColumn::kSenderDomain, filter.sender_domain, question);
    Text("queue_id", MarkedColumn::kQueueId, filter.queue_id);
    Text("recipient", MarkedColumn::kRecipient, filter.recipient);
    if (filter.code == 0) return;
    marks_.emplace_back(MarkedColumn::kCode, std::to_string(filter.code));
    sql_ += " AND code = " + marks_.back().second;
  }

  bool none() const { return none_; }  // a text that no row has
  // After "WHERE id >= ? AND id < ?"; Bind gives the parameters from the third on.
  std::string sql() const { return " AND time >= ? AND time < ?" + sql_; }
  void Bind(SqliteQuery& query) const {
    int at = 3;
    query.Bind(at++, span_.from);
    query.Bind(at++, span_.to);
    for (const std::string& text : texts_) query.Bind(at++, std::string_view(text));
  }
  bool MayHold(std::int64_t first_time, std::int64_t last_time, std::string_view marks) const {
    if (last_time < span_.from || first_time >= span_.to) return false;
    for (const auto& [column, value] : marks_) {
      if (!BlockMarks::MayHold(marks, column, value)) return false;
    }
    return true;
  }

 private:
  void Name(const char* column, MarkedColumn marked, const std::string& text,
            HistoryQuestion& question) {
    if (text.empty()) return;
    const std::int64_t number = question.Number(text);
    none_ = none_ || number == 0;
    marks_.emplace_back(marked, text);
    sql_ += std::string(" AND ") + column + " = " + std::to_string(number);
  }
  void Text(const char* column, MarkedColumn marked, const std::string& text) {
    if (text.empty()) return;
    marks_.emplace_back(marked, text);
    texts_.push_back(text);
    sql_ += std::string(" AND ") + column + " = ?";
  }

  HistorySpan span_;
  bool none_ = false;
  std::vector<std::pair<MarkedColumn, std::string>> marks_;
  std::vector<std::string> texts_;
  std::string sql_;
};

enum class Order : std::uint8_t { kOldestFirst, kNewestFirst };

// Goes through the rows with ids below `before` that a filter lets through.
class Walk {
 public:
  Walk(const HistoryFilter& filter, Order order, HistoryQuestion& question)
      : question_(question),
        conditions_(filter, question),
        rejections_(filter.rejections),
        newest_first_(order == Order::kNewestFirst),
        rows_(question.db(), std::string("SELECT ") + kRowColumns + " FROM " +
                                 (rejections_ ? "rejection_rows" : "failure_rows") +
                                 " WHERE id >= ? AND id < ?" + conditions_.sql() + " ORDER BY id" +
                                 (newest_first_ ? " DESC" : "")) {}

  // `take` says whether to go on after a row; `next_block`, after the block that begins there.
  template <typename Take, typename NextBlock>
  void Run(std::int64_t before, Take&& take, NextBlock&& next_block) {
    if (conditions_.none()) return;
    if (rejections_) {  // few enough to look at each
      Rows(0, before, take);
      return;
    }
    // The block that is being filled has times and marks that exclude nothing.
    SqliteQuery blocks(question_.db(), BlocksSql(newest_first_));
    using Limits = std::numeric_limits<std::int64_t>;
    blocks.Ask((before - 1) / kRowsPerBlock, Limits::min(), Limits::max());
    while (blocks.Next()) {
      const std::int64_t first = blocks.Number(0) * kRowsPerBlock;
      if (conditions_.MayHold(blocks.Number(1), blocks.Number(2), blocks.Text(3)) &&
          !Rows(first, std::min(before, first + kRowsPerBlock), take)) {
        return;
      }
      if (!next_block(first)) return;
    }
  }

 private:
  template <typename Take>
  bool Rows(std::int64_t from, std::int64_t to, Take& take) {
    rows_.Ask(from, to);
    conditions_.Bind(rows_);
    bool more = true;
    while (more && rows_.Next()) more = take(RowOf(rows_, question_));
    rows_.Reset();
    return more;
  }

  HistoryQuestion& question_;
  Conditions conditions_;
  bool rejections_;
  bool newest_first_;
  SqliteQuery rows_;
};

}  // namespace

Result<HistoryPage> HistoryReader::Search(const HistoryFilter& filter, std::size_t limit,
                                          std::optional<std::int64_t> before) const {
  HistoryQuestion question(path_);
  HistoryPage page;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto take = [&](HistoryRow row) {
    page.rows.push_back(std::move(row));
    if (page.rows.size() < limit) return true;
    page.before = page.rows.back().id;
    return false;
  };
  const auto next_block = [&](std::int64_t first) {
    if (std::chrono::steady_clock::now() < deadline) return true;
    page.before = first;
    return false;
  };
  Walk(filter, Order::kNewestFirst, question)
      .Run(before.value_or(std::numeric_limits<std::int64_t>::max()), take, next_block);
  if (Status status = question.status(); !status) return status.error();
  return page;
}

Status HistoryReader::EachRow(const HistoryFilter& filter,
                              const std::function<bool(const HistoryRow&)>& take) const {
  HistoryQuestion question(path_);
  Walk(filter, Order::kOldestFirst, question)
      .Run(
          std::numeric_limits<std::int64_t>::max(),
          [&](const HistoryRow& row) { return take(row); }, [](std::int64_t) { return true; });
  return question.status();
}

}  // namespace bouncesight
