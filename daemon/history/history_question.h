// One question to the history: a connection of its own, read only, and one transaction. Internal to
// the reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/history/sqlite.h"
#include "parsers/event/result.h"

namespace bouncesight {

class HistoryQuestion {
 public:
  explicit HistoryQuestion(const std::string& path);

  Sqlite& db() { return db_; }
  // Of names, by number; empty: there is none. Until the next call.
  const std::string& Text(std::int64_t number);
  // The other way; 0: there is none.
  std::int64_t Number(std::string_view text);
  // What went wrong so far.
  Status status();

 private:
  static constexpr std::size_t kMostKept = 20'000;

  std::string path_;
  Sqlite db_;
  SqliteQuery text_, number_;
  std::unordered_map<std::int64_t, std::string> kept_;
};

}  // namespace bouncesight
