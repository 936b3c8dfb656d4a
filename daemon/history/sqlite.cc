#include "daemon/history/sqlite.h"

#include <utility>

#include <sqlite3.h>

namespace bouncesight {

Sqlite::Sqlite(const std::string& path, Mode mode) : path_(path) {
  const int flags =
      mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  Check(sqlite3_open_v2(path.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr));
  if (db_ != nullptr) sqlite3_extended_result_codes(db_, 1);
}

Sqlite::~Sqlite() { sqlite3_close_v2(db_); }

void Sqlite::Check(int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE || !fault_.empty()) return;
  fault_ = path_ + ": " + (db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(code));
  const int kind = code & 0xFF;
  passing_ = kind == SQLITE_BUSY || kind == SQLITE_LOCKED || kind == SQLITE_FULL;
}

void Sqlite::Run(const char* sql) {
  if (ok()) Check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr));
}

std::string Sqlite::TakeError() { return std::exchange(fault_, {}); }

std::int64_t Sqlite::Number(const char* sql) {
  SqliteQuery query(*this, sql);
  return query.Ask().Next() ? query.Number(0) : 0;
}

SqliteQuery::SqliteQuery(Sqlite& db, const std::string& sql) : db_(db) {
  if (!db_.ok()) return;
  db_.Check(sqlite3_prepare_v3(db_.db_, sql.c_str(), static_cast<int>(sql.size()),
                               SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

SqliteQuery::~SqliteQuery() { sqlite3_finalize(statement_); }

SqliteQuery::SqliteQuery(SqliteQuery&& other) noexcept
    : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)) {}

// What it gives is the fault of the last step, which is known already.
void SqliteQuery::Reset() { sqlite3_reset(statement_); }

bool SqliteQuery::Next() {
  if (!db_.ok() || statement_ == nullptr) return false;
  const int code = sqlite3_step(statement_);
  db_.Check(code);
  return code == SQLITE_ROW;
}

void SqliteQuery::Bind(int at, std::string_view text) {
  if (text.empty()) return Bind(at, std::nullopt);
  db_.Check(
      sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
}

void SqliteQuery::BindBytes(int at, std::string_view bytes) {
  db_.Check(sqlite3_bind_blob(statement_, at, bytes.data(), static_cast<int>(bytes.size()),
                              SQLITE_STATIC));
}

void SqliteQuery::Bind(int at, std::nullopt_t) { db_.Check(sqlite3_bind_null(statement_, at)); }

void SqliteQuery::BindNumber(int at, std::int64_t number) {
  db_.Check(sqlite3_bind_int64(statement_, at, number));
}

std::int64_t SqliteQuery::Number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view SqliteQuery::Text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace bouncesight
