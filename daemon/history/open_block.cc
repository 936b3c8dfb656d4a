#include "daemon/history/open_block.h"

#include <algorithm>
#include <string>

#include "daemon/history/schema.h"

namespace bouncesight {
namespace {

constexpr MarkedColumn kMarked[] = {
    MarkedColumn::kSource,       MarkedColumn::kHost,         MarkedColumn::kOutcome,
    MarkedColumn::kCause,        MarkedColumn::kProvider,     MarkedColumn::kDomain,
    MarkedColumn::kEnhancedCode, MarkedColumn::kBlocklist,    MarkedColumn::kListedIp,
    MarkedColumn::kQueueId,      MarkedColumn::kSenderDomain, MarkedColumn::kRecipient};
static_assert(std::size(kMarked) == OpenBlock::kColumns.size());

}  // namespace

void OpenBlock::Add(std::int64_t time, std::int64_t now, std::int64_t code, const Texts& texts) {
  first_time_ = empty() ? time : std::min(first_time_, time);
  last_time_ = empty() ? time : std::max(last_time_, time);
  written_ = empty() ? now : std::max(written_, now);
  ++rows_;
  if (code != 0) marks_.Add(MarkedColumn::kCode, std::to_string(code));
  for (std::size_t i = 0; i < texts.size(); ++i) marks_.Add(kMarked[i], texts[i]);
}

// When they were written is not known; their own times stand for it.
void OpenBlock::AddRows(Sqlite& db) {
  std::string columns = "time, code";
  for (const char* const name : kColumns) columns += std::string(", ") + name;
  SqliteQuery rows(db, "SELECT " + columns + " FROM failures WHERE id >= ?");
  rows.Ask(number_ * kRowsPerBlock);
  while (rows.Next()) {
    Texts texts;
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = rows.Text(static_cast<int>(i) + 2);
    Add(rows.Number(0), rows.Number(0), rows.Number(1), texts);
  }
}

void OpenBlock::Save(SqliteQuery& save) const {
  save.Ask(number_, first_time_, last_time_, written_);
  save.BindBytes(5, marks_.bytes());
  save.Next();
  save.Reset();
}

}  // namespace bouncesight
