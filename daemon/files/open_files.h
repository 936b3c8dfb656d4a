// The files that one path has open: the one that it names now, and earlier ones until they are read
// to their end and quiet. Says how many there may be, and which goes when there are too many.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/files/follow_context.h"
#include "daemon/files/tracked_file.h"
#include "daemon/system/backoff.h"

namespace bouncesight {

struct OpenFile {
  std::unique_ptr<TrackedFile> file;
  bool current = false;    // the path names it
  bool initial = false;    // was there at the start and is not read to where it ended then
  bool named = false;      // the path names it, or has done so while we looked
  bool continued = false;  // begun where another one stood
  bool asked = true;       // false: it was empty when it was opened, and may yet turn out a copy
  std::uint64_t initial_size = 0;
  std::chrono::steady_clock::time_point opened;
  std::chrono::steady_clock::time_point quiet_since;
  std::optional<std::chrono::steady_clock::time_point> shrunk_since;
  Backoff backoff;
};

class OpenFiles {
 public:
  // As long as nothing was written after it, the writer of an earlier file has not let go of it: so
  // long at most; nor that long where so many files are open, for each costs a descriptor.
  static constexpr std::size_t kMostForLinger = 1000;
  static constexpr std::size_t kMaxIdleOld = 8;  // earlier files that are read to their end
  static constexpr std::size_t kMaxOld = 64;     // earlier files in all

  OpenFiles(std::string path, FollowContext& context) : path_(std::move(path)), context_(context) {}
  ~OpenFiles();
  OpenFiles(const OpenFiles&) = delete;
  OpenFiles& operator=(const OpenFiles&) = delete;

  enum class Role : std::uint8_t { kCurrent, kEarlier };
  // Begins to read at `offset`. Null: it cannot be read. May close others. `true_path`: where the
  // path led to when it named the file.
  OpenFile* Add(std::unique_ptr<LogReader> reader, std::uint64_t offset, Role role,
                std::string true_path);
  void Close(OpenFile& open);
  // Read to its end, or given up: closed, and kept in the book.
  void Finish(OpenFile& open);
  // Descriptors are bounded: an earlier file that was read to its end goes first.
  void LimitOld();

  OpenFile* Current();
  // The path names this file again: a link has been switched back. False: it is not among them.
  bool MakeCurrent(const FileKey& key);
  // Does whoever wrote it perhaps write to it still? A syslog daemon does until it is told to
  // reopen, however quiet it is; then it writes to the file that has taken its place.
  bool HasItsWriter(const OpenFile& open) const;
  // The one whose turn it is to be read; null when there is none.
  OpenFile* Next();

  auto begin() const { return files_.begin(); }
  auto end() const { return files_.end(); }
  std::size_t size() const { return files_.size(); }
  bool empty() const { return files_.empty(); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  FollowContext& context_;
  std::vector<std::unique_ptr<OpenFile>> files_;  // oldest first; the current one is the last
  std::size_t next_ = 0;
};

}  // namespace bouncesight
