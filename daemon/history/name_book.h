// The numbers of texts in the database, each stored once. What was asked for lately is kept in
// memory. Which texts nothing refers to any more is known by the day on which they were last seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/history/sqlite.h"

namespace bouncesight {

// Within the transactions of one connection, which must outlive it.
class NameBook {
 public:
  static constexpr std::size_t kMostKept = 20'000;  // texts in memory

  explicit NameBook(Sqlite& db);

  // Of the day (since 1970) that is today from now on.
  void SetDay(std::int64_t day);
  // The number of `text`, which is stored if it is new; 0 of an empty one.
  std::int64_t Number(std::string_view text);
  // Removes up to `most` texts that were last seen before that day. False: there are no more.
  bool Forget(std::int64_t day, int most);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  Sqlite& db_;
  SqliteQuery find_, touch_, add_, forget_;
  std::int64_t day_ = 0;
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> kept_;
};

}  // namespace bouncesight
