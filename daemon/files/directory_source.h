// Reads each file of a folder once, from its start to its end: whole files, plain or compressed,
// that somebody moves there. A file is known by its inode under any name, or by its name, if it
// holds what was read of it; a copy under another name is another file. It is remembered for as
// long as it lies there. Files are never written, moved or removed; names that begin with a dot are
// passed over, so that a file may be written there and then renamed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/line_stream.h"
#include "daemon/count/silence_watch.h"
#include "daemon/count/source.h"
#include "daemon/files/position_codec.h"
#include "daemon/files/skipping_reader.h"
#include "daemon/files/tracked_file.h"
#include "daemon/files/watched_fs.h"
#include "daemon/system/clock.h"
#include "daemon/system/fs.h"

namespace bouncesight {

class DirectorySource final : public Source {
 public:
  static constexpr std::chrono::milliseconds kScanInterval{1000};
  static constexpr std::chrono::milliseconds kChoiceInterval{250};
  // A file that does not end with a newline, or not as a compressed file ends, is perhaps still
  // being copied: it is looked at again after so long, and taken as it is if it has not grown.
  static constexpr std::chrono::seconds kPatience{10};
  // More files at once wait until some have left the folder.
  static constexpr std::size_t kMaxFiles = 10'000;
  static constexpr std::size_t kSkipBytes = 1024 * 1024;  // in a turn

  // All references must outlive the source.
  DirectorySource(const SourceConfig& config, FileSystem& fs, const Clock& clock,
                  StreamFactory& streams, std::size_t max_files = kMaxFiles);

  bool Turn() override;
  bool caught_up() const override { return caught_up_; }
  std::string SaveState() override;
  bool RestoreState(std::string_view state) override;
  void Describe(LiveSource& live) override;

 private:
  struct Entry {
    FilePosition position;   // position.path is the name in the folder
    std::uint64_t size = 0;  // on disk, when last looked at
    std::chrono::steady_clock::time_point due;
    std::uint64_t size_at_trouble = 0;  // when it was put aside
    bool in_trouble = false;
    std::optional<bool> packed;  // by its bytes; none: it was not opened in this life

    // Its size on disk says nothing of how far it is read.
    bool IsPacked(const std::string& name) const {
      return packed.value_or(HasCompressedName(name));
    }
  };
  // By name. One that is read on after it has left the folder has the name "/NAME".
  using Entries = std::map<std::string, Entry>;
  using Seen = std::map<std::string, FileInfo>;

  void Scan();
  bool List(Seen& seen, Entries& found);
  bool MustWait(const std::string& unknown, int error);
  void KeepOneName(Seen& seen) const;
  void MatchInodes(Seen& seen, Entries& found);
  void MatchNames(const Seen& seen, Entries& found);
  void KeepChosen(Entries& found);
  void Move(Entries::iterator known, const std::string& name, const FileInfo& info, Entries& to);
  bool Choose();
  bool OpenChosen();
  std::size_t ReadChosen();
  void AtEnd();
  void AtFailure(int error);
  void GiveUp(const LogReader& reader, int error);
  void PutAside(Entry& entry, std::uint64_t size);
  void BeginAnew(Entry& entry);
  void Finish(Entry& entry);
  std::string PathOf(const std::string& name) const { return config_.directory + "/" + name; }

  SourceConfig config_;
  WatchedFs fs_;
  const Clock& clock_;
  StreamFactory& streams_;
  std::size_t max_files_;
  Entries entries_;
  FileCounts counts_;
  Entry* chosen_ = nullptr;                   // the one being read, in entries_
  std::unique_ptr<SkippingReader> skipping_;  // on its way to the chosen one's position
  std::unique_ptr<TrackedFile> file_;         // the chosen one, open at its position
  std::vector<char> buffer_;
  std::chrono::steady_clock::time_point next_scan_;
  std::chrono::steady_clock::time_point next_choice_;
  SilenceWatch silence_;
  double last_line_timestamp_ = 0;
  // None: of every name it was known what it is, when last looked.
  std::optional<std::chrono::steady_clock::time_point> unknown_since_;
  bool scanned_ = false;
  bool caught_up_ = false;
  bool complained_ = false;  // of the folder
  bool full_ = false;        // more files than max_files_
};

}  // namespace bouncesight
