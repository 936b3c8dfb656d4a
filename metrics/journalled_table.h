// JournalledTable: the door by which a table of entries lives in the state (joins by queue id,
// figures by sender). A commit costs what changed in the table, not what it holds.
//
//   at a commit   piece = table.Take(names, false)   the entries since the last Take; most often
//   now and then  piece = table.Take(names, true)    all entries, when the state is folded
//   at a start    table.Restore(pieces, names)       a whole piece and the changes after it
//
// Whose job is what. The table remembers which entries were added, changed or removed since its
// last Take, and is the only one to understand its bytes. The daemon keeps pieces in their order
// until they are on the disk, drops what a whole piece outdates, and gives them back at the start.
// A piece that was taken is the daemon's: Take gives each change once.
//
// A table hangs in the state under a key of its own, such as "messages:mail" (what: source).
// To add one: derive, and name it in SourceCounting::tables() (daemon/count/counting.h).
//
// One thread: the worker's, which counts into the table. No call walks over all entries but a whole
// Take, Restore and Rename.
#pragma once

#include <string>
#include <vector>

#include "metrics/names.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct TablePiece {
  bool whole = false;  // all entries: outdates every piece before
  std::string bytes;   // of the table's own format

  bool empty() const { return !whole && bytes.empty(); }  // nothing to write
  friend bool operator==(const TablePiece&, const TablePiece&) = default;
};

class JournalledTable {
 public:
  virtual ~JournalledTable() = default;

  // What is different since the last Take: entries as they are now, and the keys of those that are
  // gone. With `whole`, and whenever the table thinks it best, all entries instead. The first Take
  // of a table, and the first one after Restore or Rename, is always whole: so the changes of a
  // series of pieces may refer to what its whole piece says (numbers of causes, a version).
  // `names` are those of the rules that the table's numbers come from.
  virtual TablePiece Take(const RuleNames& names, bool whole) = 0;

  // Takes the place of all entries. `pieces[0]` was whole, the others are the changes after it, in
  // their order. The same entries in the same order of age come out. Refuses what Take did not
  // write, with the table as it was before; an older program's pieces are read as far as they go.
  virtual Status Restore(const std::vector<std::string>& pieces, const RuleNames& names) = 0;

  // The rules were loaded anew: numbers of `from` become those of `to`, by name.
  virtual void Rename(const RuleNames& from, const RuleNames& to) = 0;
};

}  // namespace bouncesight
