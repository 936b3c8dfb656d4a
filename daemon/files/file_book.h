// The book of identities of one source: every file that it has open, those of the state that were
// not found yet, and those read to their end. It is asked for each file that appears, whatever its
// name: only what the book does not know is begun at 0, or as `start` says.
//
// A file is known
//   * by device and inode, if its head and the bytes before our position are what they were;
//   * as a copy, under any inode, if it holds our content up to our position: we go on there. A
//     shorter copy of an open file is known by comparing the two;
//   * in a compressed form by the same of what it unpacks to. One that ends before our position was
//     compressed before its last lines came: nothing in it is new.
// A file that begins with lines which stand uncounted in an open one waits until they are counted
// there: it may be that one's copy. Where the open one ends before it has a whole line, and the
// other goes on, that one is the original, and does not wait. Of several positions that fit the
// furthest counts. Two files with one head are told apart by the bytes before the position; a
// position at 0 proves nothing and fits its own inode only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/files/file_identity.h"
#include "daemon/system/fs.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

class Look;
class TrackedFile;

using FileKey = FileId;
inline FileKey KeyOf(const FileInfo& info) { return info.id; }
inline FileKey KeyOf(const FilePosition& p) { return p.identity.file; }

class FileBook {
 public:
  // Of files read to their end, so many in all and of one path. The oldest are forgotten first:
  // a rotated file rarely comes back after so many others.
  static constexpr std::size_t kMaxFinished = 4096;
  static constexpr std::size_t kMaxFinishedOfPath = 64;
  // A file that nobody knows is compared with the first bytes of so many open ones, and with those
  // of its own path.
  static constexpr std::size_t kMostUncounted = 256;

  struct Answer {
    enum class Finding : std::uint8_t {
      kUnknown,
      kGoOn,        // it is known: go on at `offset`
      kNothingNew,  // a compressed form that holds nothing new
      kAskAgain,    // perhaps a copy of a file that is still read, or was not opened yet: ask again
    };
    Finding finding = Finding::kUnknown;
    std::uint64_t offset = 0;
    std::int64_t modified_ns = 0;  // of the file that it was known by
    bool same_file = false;        // by its inode; false: it is a copy
    bool other_path = false;       // what it was known by is of another path than asked for
    bool partial = false;          // a copy that ends before our position
    TrackedFile* open = nullptr;   // the open one that it is a copy of
  };

  void AddRestored(FilePosition position);
  void AddFinished(FilePosition position);
  // `file` must be removed before it goes.
  void AddOpen(TrackedFile& file);
  void RemoveOpen(const TrackedFile& file);
  // `path` names the open file `key`, too: should it name another one after a restart, it is known
  // since when.
  void AddAlias(const std::string& path, const FileKey& key);
  bool IsOpen(const FileKey& key) const { return open_.count(key) > 0; }
  TrackedFile* Open(const FileKey& key) const {  // null: it is not open
    const auto it = open_.find(key);
    return it == open_.end() ? nullptr : it->second;
  }
  std::size_t open_count() const { return open_.size(); }

  // What is known of the file behind `reader`, which lies at `path`? A few reads; a packed file
  // that has a known head is unpacked up to the position.
  Answer Ask(const std::string& path, const FileInfo& info, LogReader& reader) const;
  // Another file than `except` that is open and holds what `position` says: its reader sees what
  // follows there. Null: none.
  TrackedFile* OpenCopyOf(const FilePosition& position, const TrackedFile* except) const;

  // Does `other` hold all that was read of `file`, with the line that was begun last? False where
  // none was begun.
  static bool HoldsBegunLine(TrackedFile& file, LogReader& other);
  // So does another open file: that one gives the line, or has done so.
  bool GoesOnElsewhere(TrackedFile& file) const;

  // `closing` goes: what it has counted past is not a line of any other that begins it.
  void NoteLinesOf(TrackedFile& closing) const;

  // The file is open now and stands at `offset`: its entries are taken out, and of the restored
  // ones those that it is a copy of are as if read to their end, and so are those of another path
  // than `path`, which remembers by them when it had the file. False, and nothing done: `look` is
  // not to be believed.
  bool Claim(const std::string& path, const FileInfo& info, LogReader& reader, std::uint64_t offset,
             const Look& look);
  // The positions of `path` that Claim has found in a copy since: their own files may hold other
  // content by now. They are taken out.
  std::vector<FilePosition> TakeCopied(const std::string& path);
  // The restored ones of `path`; they are taken out.
  std::vector<FilePosition> TakeRestored(const std::string& path);
  // The restored ones of paths that `is_followed` does not name; they are taken out.
  std::vector<FilePosition> TakeOrphans(const std::function<bool(const std::string&)>& is_followed);
  // Positions that are of another path now: of that which `path_now` names; null: as it is.
  void Rename(const std::function<const std::string*(const FilePosition&)>& path_now);
  bool HasRestored(const std::string& path, const std::string& true_path) const;

  // Is a file open that `path` has named, too, as by a hard link? It is still being written then.
  bool HasOpenOf(const std::string& path) const;
  // The finished ones of `path`.
  std::vector<FilePosition> FinishedOf(const std::string& path) const;
  // When the last finished file of `path` was written.
  std::optional<std::int64_t> NewestFinished(const std::string& path) const;

  void Save(std::vector<FilePosition>& out) const;

 private:
  std::vector<FilePosition> restored_;
  std::vector<FilePosition> copied_;  // among the finished ones, too
  std::deque<FilePosition> finished_;
  std::map<FileKey, TrackedFile*> open_;
};

}  // namespace bouncesight
