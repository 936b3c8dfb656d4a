// Where a reader loses the thread: a path names another file than before, or the daemon was away,
// and something between the last line that was counted and what the path names now is left over.
// This class finds it, for one path.
//
//   unasked   The book may hold positions of this path: after a start, or after a pause for want
//             of descriptors. When all paths of the source were looked at once, each position's
//             file is found and its rest is read. Then: gap, or settled.
//   settled   Nothing lies between the files that are read. When the path lets go of its file, or
//             the file is cut, its last write is remembered. Then: gap.
//   gap       What rotation put aside since then was never ours to see. When the path names a file,
//             and each second, every such file is read from its start. Then: settled.
//
// A rest is found by inode and content, whatever the name; a file in a gap has no content that is
// known, so that its name must be a rotated one, and its last write must be younger than the gap.
// After a start the finished files are looked at, too: who wrote to one of them for long may have
// written more since.
//
// Where a folder or file cannot be looked at for now, the state stays and is tried again.
//
// What is not found is lost: bytes that had been seen are counted as lost bytes. Where the path
// named the file still when we last looked nobody knows what came after: a gap is counted. A file
// that had been put aside and read to its end is not a loss when it is gone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/files/follow_context.h"
#include "daemon/files/open_files.h"
#include "daemon/files/packed_start.h"
#include "daemon/files/rotated_files.h"

namespace bouncesight {

class RestSearch {
 public:
  static constexpr std::chrono::seconds kSearchInterval{1};
  // What was found out while a call failed is asked again so many times.
  static constexpr int kMostDoubts = 60;

  // Both must outlive the search.
  RestSearch(OpenFiles& files, FollowContext& context) : files_(files), context_(context) {}

  // --- events ---
  // The path names a file now, whose place is `offset`; `known`: the book has told it, by a file
  // that was last written at `modified_ns`.
  void FileOpened(bool known, std::uint64_t offset, std::int64_t modified_ns);
  // The path names one of the open files again: nothing lies between, but what waits.
  void FileIsBack() {
    if (!waits_) gap_since_ns_.reset();
  }
  // The path names it no longer; it was last written then.
  void FileLeft(std::int64_t modified_ns) { SetGap(modified_ns); }
  // `position` was in a file that begins anew. copytruncate leaves a copy: what we had not read yet
  // stands there. Of two cuts between two looks the later copy holds what was never ours to see.
  void FileWasCut(const FilePosition& position, const TrackedFile& file);
  // Nothing was counted yet of a file that was written after it was begun: perhaps copytruncate has
  // copied and cut in between what nobody had seen. Such a copy is younger than the beginning.
  void FileWasBegun(std::int64_t begun_ns);
  // It named a file, last written then, that another path has open, and does so no longer. What was
  // put aside by then is looked for at once: a path without files is soon forgotten.
  void AliasLeft(std::int64_t modified_ns) {
    WidenGap(modified_ns);
    look_now_ = true;
  }
  // It names such a file now. What lies before that one is looked for at once: the book takes the
  // alias for the newest of this path.
  void AliasFound() { look_now_ = true; }
  // The positions of this path are in the book again, and with them the gap: as after a start.
  void Restart();
  void SetTruePath(const std::string& path);

  // Goes on with what is open, when all paths of the source have been looked at.
  void Settle();
  // Looks for the files of before though the next one is not open yet. False: to be tried again.
  bool FindRestsFirst();
  bool settled() const { return state_asked_ && !gap_since_ns_; }
  bool asked() const { return state_asked_; }
  // What was put aside is to be found, and lies in a folder that we may not list.
  bool denied() const { return denied_; }

  // Finds what stands after `position` and reads it; false: it is nowhere, and its bytes are noted
  // as missing.
  bool FindRest(const FilePosition& position, bool same_inode);
  // The last line of `file` was begun, and nobody will end it there: the file that was put aside in
  // which it goes on; without a reader: none. It is for ReadOn, once `file` is closed.
  FoundFile FindEndOfLine(TrackedFile& file);
  // Reads what was found after `position`, if nobody has read it yet. False: it is not found.
  bool ReadOn(FoundFile found, const FilePosition& position);
  // The file of a path that is not followed any more, by a rotated name of this one's.
  bool FindOrphan(const FilePosition& position);
  // What was noted as missing and not found since is lost.
  void CountLost();

  // What a restart must know: a file waits to be read for another one.
  void Save(std::vector<FilePosition>& out) const;

  bool first_look() const { return first_look_; }

 private:
  void Recover();
  std::optional<FilePosition> TakeGap();
  FilePosition Gap() const;
  bool FindRests();
  bool FindLateLines();
  bool FindRestNow(const FilePosition& position);
  void NoteDenial(bool incomplete);
  bool Doubts(const Look& look);
  void TellGap(const FilePosition& position);
  bool WasCut(const FilePosition& position);
  static bool IsPartOf(const RotatedFile& file, TrackedFile& open, std::uint64_t offset);
  bool IsReadFurther(RotatedFile& file, const FilePosition& position);
  void SetGap(std::int64_t since_ns);
  void WidenGap(std::int64_t since_ns);
  void AdoptSkipped(bool packed_too = true);
  void Adopt(RotatedFile& file);
  bool GoesOnFrom(TrackedFile& open, const FileBook::Answer& answer);
  bool StillPacked(const RotatedFile& file) const;
  void NoteMissing(const FilePosition& position, std::uint64_t found);
  RotatedPlaces Places(const std::string& true_path = {}) const;

  OpenFiles& files_;
  FollowContext& context_;
  std::vector<FilePosition> sought_;     // what FindRests looks for
  std::vector<std::string> true_paths_;  // the last two that the path led to
  bool state_asked_ = false;             // false: unasked
  bool lates_asked_ = false;             // the finished files were looked at
  bool first_look_ = true;               // nothing was found out about the path yet
  bool look_now_ = false;                // a file was opened or left since the last Settle
  bool incomplete_ = false;              // a place could not be looked at
  bool denied_ = false;                  // for we may not list a folder
  bool waits_ = false;                   // not all of the gap could be read; as for a copy
  bool known_ = false;                   // the book knew the file that the path names
  int doubts_ = 0;                       // looks that were not believed
  // When the file was last written that the path named before: what rotation has put between it
  // and the next one was written later. Set: gap.
  std::optional<std::int64_t> gap_since_ns_;
  PackedStart packed_start_;
  std::uint64_t missing_bytes_ = 0;  // seen, not counted, not found; a skipped file may hold them
  std::chrono::steady_clock::time_point next_search_;
};

}  // namespace bouncesight
