// Follows log files by polling: stat finds what a path names, pread finds what is new. Polling is
// the truth on every kind of file system. Four times per second a file at rest costs one stat and
// the two reads that find its end again.
//
// The position of a file moves only at the end of a line that was counted, so that position and
// counters, saved together, lose nothing and count nothing twice. Never writes to a log.
//
// The room daemon/files is what follows files, by name and by content.
//
// * file_source.h: the source, its paths and patterns, and whose turn it is.
// * followed_path.h (and followed_path_read.cc): one path, which file it names now, and reading it.
// * open_files.h: the files that a path has open, and which of them goes when there are too many.
// * tracked_file.h: one open file, read forward; notices that it was cut or rewritten.
// * file_identity.h: what a file is known by; position_codec.h: the same as bytes of the state.
// * file_book.h: how a file is known again, whatever it is called now.
// * rest_search.h: what lies between two files; rotated_files.h and rotated_names.h: where.
// * follow_context.h: what the paths of one source share.
// * directory_source.h: whole files that are moved into a folder; skipping_reader.h.
// * stdin_source.h: a pipe.
//
// Files are opened by daemon/system/fs.h alone, so that tests can run all of this in memory.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/silence_watch.h"
#include "daemon/count/source.h"
#include "daemon/files/follow_context.h"
#include "daemon/files/followed_path.h"
#include "daemon/system/clock.h"
#include "daemon/system/fs.h"
#include "daemon/system/path_glob.h"

namespace bouncesight {

class FileSource final : public Source {
 public:
  static constexpr std::chrono::milliseconds kCheckInterval{250};
  static constexpr std::chrono::milliseconds kGlobInterval{1000};
  // A file of a pattern that is gone may come again and be put aside between two looks. So many
  // paths are remembered, those that went last, each for so long as its writer may linger.
  static constexpr std::size_t kMaxGone = 16;

  // All references must outlive the source.
  FileSource(const SourceConfig& config, FileSystem& fs, const Clock& clock,
             StreamFactory& streams);

  bool Turn() override;
  bool caught_up() const override { return caught_up_; }
  std::string SaveState() override;
  bool RestoreState(std::string_view state) override;
  void Describe(LiveSource& live) override;

 private:
  void LookAround();
  SourceFiles CountFiles() const;
  void CheckPaths();
  void GiveWay(std::size_t waiting);
  void TakeOverRenamed();
  void FindOrphans();
  void Expand();
  void ForgetGone(const std::string& pattern, const GlobResult& found);
  void FollowPath(const std::string& path, bool pattern_is_new);
  static constexpr std::size_t kMaxRemembered = 100'000;
  bool MatchesPattern(const std::string& path) const;

  SourceConfig config_;
  WatchedFs fs_;
  FollowContext context_;
  std::map<std::string, std::unique_ptr<FollowedPath>> paths_;
  std::map<std::string, std::unique_ptr<FollowedPath>>::iterator cursor_ = paths_.end();
  std::vector<std::string> known_patterns_;
  std::set<std::string> unmatched_;  // patterns that find nothing now
  SilenceWatch silence_;
  std::string last_paused_;  // of the paths that gave way to others
  bool orphans_asked_ = false;
  std::vector<char> buffer_;
  std::chrono::steady_clock::time_point next_check_;
  std::chrono::steady_clock::time_point next_glob_;
  double last_line_timestamp_ = 0;
  bool caught_up_ = false;
};

}  // namespace bouncesight
