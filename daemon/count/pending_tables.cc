#include "daemon/count/pending_tables.h"

#include <algorithm>
#include <utility>

namespace bouncesight {
namespace {

// So much of changes may wait behind a whole piece, however small that is.
constexpr std::size_t kManyBytes = 1U << 20;

bool IsOutgrown(const std::vector<std::string>& pieces) {
  std::size_t changes = 0;
  for (std::size_t i = 1; i < pieces.size(); ++i) changes += pieces[i].size();
  return changes > std::max(kManyBytes, pieces.empty() ? 0 : pieces[0].size());
}

}  // namespace

PendingTables::PendingTables(std::vector<StateTable> restored) {
  for (StateTable& table : restored) {
    tables_[table.key] = {std::nullopt, true, std::move(table.pieces), std::nullopt};
  }
}

void PendingTables::Add(std::size_t worker, std::vector<TableChange> changes) {
  std::erase_if(tables_, [&](const auto& one) {
    return one.second.worker == worker &&
           std::none_of(changes.begin(), changes.end(),
                        [&](const TableChange& change) { return change.key == one.first; });
  });
  for (std::size_t i = 0; i < changes.size(); ++i) {
    TableChange& change = changes[i];
    Table& table = tables_[change.key];
    table.worker = worker;
    if (change.whole) {
      const bool told = i > 0 && !changes[i - 1].whole && changes[i - 1].key == change.key;
      if (!told) table.changes.reset();
      table.whole = true;
      table.pieces.clear();
    } else if (table.changes) {
      table.changes->insert(table.changes->end(), change.pieces.begin(), change.pieces.end());
    }
    std::move(change.pieces.begin(), change.pieces.end(), std::back_inserter(table.pieces));
  }
}

void PendingTables::ForgetUnclaimed() {
  std::erase_if(tables_, [](const auto& one) { return !one.second.worker; });
}

bool PendingTables::wants_whole() const {
  return std::any_of(tables_.begin(), tables_.end(), [](const auto& one) {
    return !one.second.whole || IsOutgrown(one.second.pieces);
  });
}

std::vector<TableChange> PendingTables::Changes() const {
  std::vector<TableChange> changes;
  for (const auto& [key, table] : tables_) {
    const bool whole = table.whole && !table.changes;
    const std::vector<std::string>& pieces = table.changes ? *table.changes : table.pieces;
    if (whole || !pieces.empty()) changes.push_back({key, whole, pieces});
  }
  return changes;
}

std::vector<std::string> PendingTables::Gone() const {
  std::vector<std::string> gone;
  std::copy_if(written_.begin(), written_.end(), std::back_inserter(gone),
               [&](const std::string& key) { return !tables_.contains(key); });
  return gone;
}

Result<std::vector<TableView>> PendingTables::Whole(const std::vector<StateTable>& on_disk) const {
  std::vector<TableView> views;
  for (const auto& [key, table] : tables_) {
    TableView& view = views.emplace_back(TableView{key, {}});
    if (!table.whole) {
      const auto found = std::find_if(on_disk.begin(), on_disk.end(),
                                      [&](const StateTable& one) { return one.key == view.key; });
      if (found == on_disk.end()) {
        return Error{"the state cannot be written whole: its table " + key +
                     " is neither on the disk nor given by its source, which is asked again"};
      }
      view.pieces.assign(found->pieces.begin(), found->pieces.end());
    }
    view.pieces.insert(view.pieces.end(), table.pieces.begin(), table.pieces.end());
  }
  return views;
}

void PendingTables::NoteWritten() {
  written_.clear();
  for (auto& [key, table] : tables_) {
    written_.push_back(key);
    table.whole = false;
    table.pieces.clear();
    table.changes.emplace();
  }
}

}  // namespace bouncesight
