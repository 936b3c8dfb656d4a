// One path that a file source follows: which file it names now, and whether that one goes on where
// another stood (file_book.h). Its earlier files and their limits are open_files.h, what may lie
// between two files is rest_search.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/files/follow_context.h"
#include "daemon/files/open_files.h"
#include "daemon/files/rest_search.h"
#include "daemon/system/backoff.h"

namespace bouncesight {

class FollowedPath {
 public:
  // An earlier file is closed when it has been at its end for so long (syslog daemons write to it
  // until they are told to reopen).
  static constexpr std::chrono::seconds kQuiet{10};
  // As long as nothing was written after it, its writer has not let go of it: so long at most.
  static constexpr std::chrono::hours kLinger{1};
  // A file that is shorter than it was is taken for truncated after so long, at once if its first
  // bytes are others (a file server may answer from before the last write).
  static constexpr std::chrono::seconds kShrinkGrace{3};
  // An earlier file whose handle a file server has lost is looked for anew after so many tries.
  static constexpr int kMaxStale = 5;
  // A compressed file, and a copy that holds less than what was read, is perhaps still being
  // written: it is begun when it has not grown for so long.
  static constexpr std::chrono::seconds kSettle{2};
  // A copy waits until its original is read to its end: so long at most.
  static constexpr std::chrono::seconds kCopyPatience{10};
  // And as many looks at least: a machine that was suspended has read nothing meanwhile.
  static constexpr int kCopyLooks = 8;
  // What a file is, is asked so many times where a call fails in between; then it is believed.
  static constexpr int kMostDoubts = 8;
  // Where descriptors are few a file that has more to read keeps its own for so long.
  static constexpr std::chrono::seconds kSlice{2};

  // `first`: where to begin if the path is there when it is looked at for the first time; a file
  // that appears later is read from its start.
  FollowedPath(std::string path, FirstSight first, FollowContext& context);
  FollowedPath(const FollowedPath&) = delete;
  FollowedPath& operator=(const FollowedPath&) = delete;

  // Looks at what the path names now. A few system calls.
  void Check();
  // Looks for what lies between; after the Check of every path of the source.
  void Settle();
  // Reads a batch of the next of its files that has one; returns how many bytes.
  std::size_t Read(std::span<char> buffer);
  // Gives its descriptors back until its file changes, if nothing is lost by that; earlier files
  // are looked at once more when their writers must have let go of them.
  bool Pause();
  bool FindOrphan(const FilePosition& position) { return search_.FindOrphan(position); }

  void Save(std::vector<FilePosition>& out) const;
  std::uint64_t Unread();
  // All that was there at the first Check has been read.
  bool caught_up() const;
  // Names no file, no earlier one is open, and none is to be looked for.
  bool empty() const { return files_.empty() && !paused_ && search_.asked(); }
  // It names nothing, and what is put aside between two looks is looked for: since when.
  std::optional<std::chrono::steady_clock::time_point> gone_since() const {
    return search_.settled() ? std::nullopt : gone_since_;
  }
  const std::string& path() const { return path_; }
  // The path names a file that is open under another name.
  bool is_alias() const { return alias_; }
  // What the last Check has found at the path.
  enum class Sight : std::uint8_t { kOpen, kMissing, kDenied };
  Sight sight() const { return sight_; }
  // Files of its past lie in a folder that we may not list.
  bool past_denied() const { return search_.denied(); }
  // The file that it names now; null: none is open.
  OpenFile* current() { return files_.Current(); }

 private:
  // Not opened yet: as it was when it was last looked at.
  struct Unopened {
    FileInfo info;
    std::chrono::steady_clock::time_point since;      // the first look at this file
    std::chrono::steady_clock::time_point unchanged;  // since when it is as it is
    int looks = 0;
    std::optional<FilePosition> copied;  // so far it held what we had read

    void NoteCopied(LogReader& reader, std::uint64_t offset);
  };

  bool MayPause(OpenFile& open) const;
  void OnGone();
  void OnSame(OpenFile& open, const FileInfo& info);
  void OnOther(const FileInfo& info);
  void CheckUntouched(OpenFile& open, const FileInfo& info);
  void AskAgain(OpenFile& open, const FileInfo& info);
  void Open(const FileInfo& named);
  void OpenAs(const FileBook::Answer& answer, const FileInfo& info,
              std::unique_ptr<LogReader> reader, const Look& look);
  void Begin(const FileBook::Answer& answer, const FileInfo& info,
             std::unique_ptr<LogReader> reader, const Look& look);
  bool Doubts(const Look& look);
  bool IsKnown(const FileInfo& info, LogReader& reader);
  bool MustWait(const FileBook::Answer& answer, LogReader& reader) const;
  std::uint64_t StartOffset(FileBook::Answer& answer, const FileInfo& info, LogReader& reader);
  void LookedAt(const FileInfo& info);
  void LetLie(const FileInfo& info, LogReader& reader, const Look& look);
  void Retire();
  void LeaveAlias();
  void CannotOpen(int error, const FileInfo& info);
  void Complain(const std::string& what, int error, const FileInfo* info);
  std::size_t ReadFrom(OpenFile& open, std::span<char> buffer);
  void AtEnd(OpenFile& open);
  void OnShrunk(OpenFile& open);
  void OnRewritten(OpenFile& open);
  void OnReadError(OpenFile& open);
  void GiveUp(OpenFile& open);
  void TellPlainRest(LogReader& reader);

  std::string path_;
  FirstSight first_;
  FollowContext& context_;
  OpenFiles files_;
  RestSearch search_;
  Backoff backoff_;
  int doubts_ = 0;  // answers that were not believed since a file was opened
  std::optional<Unopened> unopened_;
  std::optional<FilePosition> paused_;  // its place; the book has it, too
  std::string true_path_;
  FileInfo at_rest_;         // the file that is paused or lies, as it was then
  bool lies_ = false;        // nothing in it is to be read, until it changes
  bool plain_rest_ = false;  // it is packed, and what was written behind that is not read
  bool replaced_ = false;    // the path has let go of a file, and nothing has taken its place yet
  bool rest_first_ = false;  // put aside while it was paused: its rest comes before the next one
  // Earlier files were closed before they were quiet for long enough: looked at once more then.
  std::optional<std::chrono::steady_clock::time_point> olds_due_;
  bool last_look_ = false;  // it is that look: they go as soon as they are read to their end
  std::optional<std::chrono::steady_clock::time_point> gone_since_;
  bool alias_ = false;
  bool was_alias_ = false;            // when it was looked at before
  std::optional<FileKey> new_alias_;  // not noted yet
  std::optional<FileKey> alias_of_;   // when it was one last
  Sight sight_ = Sight::kMissing;
  bool seen_ = false;  // the last look has told what the path names
};

}  // namespace bouncesight
