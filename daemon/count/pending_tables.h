// What the workers have handed over of their journalled tables (metrics/journalled_table.h) and is
// not in the state yet: changes, and all entries where a record is to be written whole. When a
// commit fails, its pieces wait here for the next one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "metrics/state_change.h"

namespace bouncesight {

// Owned by the committer: one thread.
class PendingTables {
 public:
  // `restored` stay as they are until a worker claims them.
  explicit PendingTables(std::vector<StateTable> restored);

  // A worker's answer. `changes` has at least one for each of its tables: one that it had before
  // and names no more leaves the state. Where a table is given whole, what changed in it may stand
  // in front: the next commit is of that alone.
  void Add(std::size_t worker, std::vector<TableChange> changes);
  // Every worker has answered: restored tables that none has claimed leave the state.
  void ForgetUnclaimed();

  // All entries of some table are not at hand, or were outgrown by the changes after them.
  bool wants_whole() const;

  // For a change of the state: what is new, and the keys of what left it.
  std::vector<TableChange> Changes() const;
  std::vector<std::string> Gone() const;
  // For a whole record. Of a table whose entries are not all at hand, `on_disk` has them; an Error
  // if it does not. The views live until the next call of another kind, and as long as `on_disk`.
  Result<std::vector<TableView>> Whole(const std::vector<StateTable>& on_disk) const;

  // All of it is on the disk.
  void NoteWritten();

 private:
  struct Table {
    std::optional<std::size_t> worker;  // none: nobody has claimed it yet
    bool whole = false;                 // pieces[0] is
    std::vector<std::string> pieces;
    // What leads there from what is on the disk; none: nobody can tell.
    std::optional<std::vector<std::string>> changes = std::vector<std::string>();
  };

  std::map<std::string, Table> tables_;
  std::vector<std::string> written_;  // the keys of those that the state holds
};

}  // namespace bouncesight
