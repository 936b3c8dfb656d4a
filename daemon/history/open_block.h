// The block of rows that is being filled: the times of its rows, and marks of what stands in them.
// It is saved when it is full, for a page at each commit would be most of what a quiet commit
// writes; until then whoever searches looks at each of its rows, and a start makes it anew out of
// them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/history/block_marks.h"
#include "daemon/history/sqlite.h"

namespace bouncesight {

class OpenBlock {
 public:
  // The columns of the view `failures` that have marks, the code apart.
  static constexpr std::array<const char*, 12> kColumns = {
      "source",        "host",      "outcome",   "cause",    "provider",      "domain",
      "enhanced_code", "blocklist", "listed_ip", "queue_id", "sender_domain", "recipient"};
  using Texts = std::array<std::string_view, kColumns.size()>;  // of a row, in their order

  explicit OpenBlock(std::int64_t number = 0) : number_(number) {}

  std::int64_t number() const { return number_; }
  bool empty() const { return rows_ == 0; }

  // `now`: when it is written; both times are seconds since 1970.
  void Add(std::int64_t time, std::int64_t now, std::int64_t code, const Texts& texts);
  // All rows that the database has from the block's first on.
  void AddRows(Sqlite& db);
  // `save` takes number, first and last time, time of the last row's writing, and marks.
  void Save(SqliteQuery& save) const;

 private:
  std::int64_t number_;
  std::int64_t rows_ = 0;
  std::int64_t first_time_ = 0, last_time_ = 0, written_ = 0;
  BlockMarks marks_;
};

}  // namespace bouncesight
