// One path that a file source follows, and the files that it has named: the one it names now, and
// earlier ones until they are read to their end and quiet.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/files/position_codec.h"
#include "daemon/files/position_memory.h"
#include "daemon/files/tracked_file.h"
#include "daemon/system/backoff.h"
#include "daemon/system/clock.h"

namespace bouncesight {

// What the paths of one source share.
struct FollowContext {
  FileSystem& fs;
  const Clock& clock;
  StreamFactory& streams;
  std::string source;  // its name, for messages
  PositionMemory memory;
  FileCounts counts;
  std::set<FileId> open;
};

class FollowedPath {
 public:
  // An earlier file is closed when it has been at its end for so long (syslog daemons write to it
  // until they are told to reopen).
  static constexpr std::chrono::seconds kQuiet{10};
  // As long as nothing was written after it, its writer has not let go of it: so long at most.
  static constexpr std::chrono::hours kLinger{1};
  // Nor that long where so many files are open: each old one costs a descriptor.
  static constexpr std::size_t kMostForLinger = 1000;
  // A file that is shorter than it was is taken for truncated after so long, at once if its first
  // bytes are others (a file server may answer from before the last write).
  static constexpr std::chrono::seconds kShrinkGrace{3};
  static constexpr std::chrono::seconds kSearchInterval{1};
  static constexpr std::size_t kMaxIdleOld = 8;
  static constexpr std::size_t kMaxOld = 64;
  // An earlier file whose handle a file server has lost is looked for anew after so many tries.
  static constexpr int kMaxStale = 5;

  // `first`: where to begin if the path is there when it is looked at for the first time; a file
  // that appears later is read from its start.
  FollowedPath(std::string path, FirstSight first, FollowContext& context);
  ~FollowedPath();
  FollowedPath(const FollowedPath&) = delete;
  FollowedPath& operator=(const FollowedPath&) = delete;

  // Looks at what the path names now. A few system calls.
  void Check();
  // Reads a batch of the next of its files that has one; returns how many bytes.
  std::size_t Read(std::span<char> buffer);

  void Save(std::vector<FilePosition>& out) const;
  std::uint64_t Unread();
  // All that was there at the first Check has been read.
  bool caught_up() const;
  // Names no file, and no earlier one is open.
  bool empty() const { return files_.empty(); }
  const std::string& path() const { return path_; }
  // The path names a file that is open under another name.
  bool is_alias() const { return alias_; }
  // What the last Check has found at the path.
  enum class Sight : std::uint8_t { kOpen, kMissing, kDenied };
  Sight sight() const { return sight_; }

 private:
  struct OpenFile {
    std::unique_ptr<TrackedFile> file;
    bool current = false;  // the path names it
    bool initial = false;  // was there at the start and is not read to where it ended then
    bool named = false;    // the path names it, or has done so while we looked
    bool copy = false;     // of another file, which lives on: nobody writes to it
    std::uint64_t initial_size = 0;
    std::chrono::steady_clock::time_point quiet_since;
    std::optional<std::chrono::steady_clock::time_point> shrunk_since;
    Backoff backoff;
  };

  OpenFile* Current();
  void Open(const FileInfo& named);
  void CheckUntouched(OpenFile& open, const FileInfo& info);
  enum class Role : std::uint8_t { kCurrent, kEarlier, kCopy };
  bool Follow(const std::string& path, std::unique_ptr<LogReader> reader, std::uint64_t offset,
              Role role);
  std::uint64_t StartOffset(const FileInfo& info, LogReader& reader);
  void Retire();
  void Recover();
  void FindRests(const std::vector<FilePosition>& positions);
  bool FindRest(const FilePosition& position, bool same_inode);
  bool WasCut(const FilePosition& position);
  void WidenGap(std::int64_t since_ns);
  void AdoptSkipped(bool packed_too = true);
  void AdoptBefore(std::int64_t begun_ns);
  void NoteMissing(const FilePosition& position, std::uint64_t found);
  void CountLost();
  bool HasItsWriter(const OpenFile& open) const;
  bool IsKnown(const std::string& path, const FileInfo& info, LogReader& reader) const;
  bool IsCopyOfAnOpenOne(LogReader& reader) const;
  void Complain(const std::string& what, int error, const FileInfo* info);
  std::size_t ReadFrom(OpenFile& open, std::span<char> buffer);
  void AtEnd(OpenFile& open);
  void OnShrunk(OpenFile& open);
  void OnRewritten(OpenFile& open);
  void OnReadError(OpenFile& open);
  void Close(OpenFile& open);
  void LimitOld();

  std::string path_;
  FirstSight first_;
  FollowContext& context_;
  std::vector<std::unique_ptr<OpenFile>> files_;  // oldest first
  std::size_t next_ = 0;
  Backoff backoff_;
  bool first_look_ = true;  // nothing was found out about the path yet
  bool recovered_ = false;  // restored positions have been looked for
  bool alias_ = false;
  Sight sight_ = Sight::kMissing;
  // When the file was last written that the path named before: what rotation has put between it and
  // the next one was written later.
  std::optional<std::int64_t> gap_since_ns_;
  std::uint64_t missing_bytes_ = 0;  // seen, not counted, not found; a skipped file may hold them
  std::chrono::steady_clock::time_point next_search_;
};

}  // namespace bouncesight
