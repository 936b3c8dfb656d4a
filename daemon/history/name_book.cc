#include "daemon/history/name_book.h"

namespace bouncesight {

NameBook::NameBook(Sqlite& db)
    : db_(db),
      find_(db, "SELECT id, seen FROM names WHERE text = ?"),
      touch_(db, "UPDATE names SET seen = ? WHERE id = ?"),
      add_(db, "INSERT INTO names(text, seen) VALUES(?, ?) RETURNING id"),
      forget_(db,
              "DELETE FROM names WHERE id IN (SELECT id FROM names WHERE seen < ? LIMIT ?) "
              "RETURNING id") {}

// Each text is touched once a day, by being looked up anew.
void NameBook::SetDay(std::int64_t day) {
  if (day != day_) kept_.clear();
  day_ = day;
}

std::int64_t NameBook::Number(std::string_view text) {
  if (text.empty()) return 0;
  if (const auto known = kept_.find(text); known != kept_.end()) return known->second;
  std::int64_t number = 0;
  if (find_.Ask(text).Next()) {
    number = find_.Number(0);
    if (find_.Number(1) < day_) touch_.Do(day_, number);
  } else if (add_.Ask(text, day_).Next()) {
    number = add_.Number(0);
  }
  find_.Reset();
  add_.Reset();
  if (!db_.ok()) return 0;
  if (kept_.size() >= kMostKept) kept_.clear();
  kept_.emplace(text, number);
  return number;
}

bool NameBook::Forget(std::int64_t day, int most) {
  int gone = 0;
  forget_.Ask(day, most);
  while (forget_.Next()) ++gone;
  forget_.Reset();
  if (gone > 0) kept_.clear();
  return gone == most;
}

}  // namespace bouncesight
