#include "daemon/history/history_question.h"

#include "daemon/history/schema.h"

namespace bouncesight {
namespace {

// Pages come out of the kernel's cache without a copy.
constexpr const char* kPragmas =
    "PRAGMA busy_timeout = 2000; PRAGMA query_only = ON; PRAGMA mmap_size = 2147418112;"
    "PRAGMA temp_store = MEMORY; BEGIN";

Sqlite& Prepared(Sqlite& db) {
  db.Run(kPragmas);
  return db;
}

}  // namespace

HistoryQuestion::HistoryQuestion(const std::string& path)
    : path_(path),
      db_(path, Sqlite::Mode::kReadOnly),
      text_(Prepared(db_), "SELECT text FROM names WHERE id = ?"),
      number_(db_, "SELECT id FROM names WHERE text = ?") {}

const std::string& HistoryQuestion::Text(std::int64_t number) {
  if (kept_.size() >= kMostKept) kept_.clear();
  const auto [known, fresh] = kept_.try_emplace(number);
  if (fresh && number != 0 && text_.Ask(number).Next()) known->second = text_.Text(0);
  return known->second;
}

std::int64_t HistoryQuestion::Number(std::string_view text) {
  return number_.Ask(text).Next() ? number_.Number(0) : 0;
}

Status HistoryQuestion::status() {
  if (db_.ok()) return Ok{};
  return Error{db_.TakeError() +
               "; `bouncesight serve` keeps the history beside its state: does it run, and may "
               "this user read it?"};
}

}  // namespace bouncesight
