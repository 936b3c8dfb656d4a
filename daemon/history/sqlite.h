// SQLite, as far as the history needs it: a connection and prepared statements.
//
// The first fault of a connection stays until TakeError: what is asked of it meanwhile does nothing
// and finds nothing, so that a transaction is written straight through and judged once, at its end.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace bouncesight {

// One thread at a time.
class Sqlite {
 public:
  enum class Mode : std::uint8_t { kReadOnly, kReadWrite };

  // Read and write makes the file where it is missing.
  Sqlite(const std::string& path, Mode mode);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  // Statements without parameters; what they find is not looked at.
  void Run(const char* sql);
  const std::string& path() const { return path_; }
  bool ok() const { return fault_.empty(); }
  // "FILE: database is locked"; empty: none. The connection can be used again.
  std::string TakeError();
  // The fault is of the kind that ends by itself: locked, or a full disk.
  bool passing() const { return passing_; }
  std::int64_t Number(const char* sql);  // its first column; 0 where there is none

 private:
  friend class SqliteQuery;
  void Check(int code);

  std::string path_;
  sqlite3* db_ = nullptr;
  std::string fault_;
  bool passing_ = false;
};

// A statement that is prepared once. `db` must outlive it.
class SqliteQuery {
 public:
  SqliteQuery(Sqlite& db, const std::string& sql);
  ~SqliteQuery();
  SqliteQuery(SqliteQuery&& other) noexcept;
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  // Begins anew with these parameters, in their order; std::nullopt and an empty text are NULL.
  // Texts must live until the last Next.
  template <typename... Values>
  SqliteQuery& Ask(const Values&... values) {
    Reset();
    int at = 0;
    (Bind(++at, values), ...);
    return *this;
  }
  // Asks and goes to the end.
  template <typename... Values>
  void Do(const Values&... values) {
    Ask(values...);
    while (Next()) {
    }
    Reset();
  }
  bool Next();   // to the next row; false: there is none, or a fault
  void Reset();  // lets go of what it has locked

  void Bind(int at, std::string_view text);
  void Bind(int at, std::integral auto number) {
    BindNumber(at, static_cast<std::int64_t>(number));
  }
  void Bind(int at, std::nullopt_t);
  void BindBytes(int at, std::string_view bytes);

  std::int64_t Number(int column) const;
  std::string_view Text(int column) const;  // until the next call

 private:
  void BindNumber(int at, std::int64_t number);

  Sqlite& db_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace bouncesight
