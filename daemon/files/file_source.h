// Follows log files by polling: stat finds what a path names, pread finds what is new. Polling is
// the truth on every kind of file system; it costs two system calls a file, four times a second.
//
// The position of a file moves only at the end of a line that was counted, so that position and
// counters, saved together, lose nothing and count nothing twice. Never writes to a log.
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

namespace bouncesight {

class FileSource final : public Source {
 public:
  static constexpr std::chrono::milliseconds kCheckInterval{250};
  static constexpr std::chrono::milliseconds kGlobInterval{1000};

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
  void FindOrphans();
  void Expand();
  void FollowPath(const std::string& path, bool pattern_is_new);
  static constexpr std::size_t kMaxRemembered = 100'000;
  bool MatchesPattern(const std::string& path) const;

  SourceConfig config_;
  FollowContext context_;
  std::map<std::string, std::unique_ptr<FollowedPath>> paths_;
  std::map<std::string, std::unique_ptr<FollowedPath>>::iterator cursor_ = paths_.end();
  std::set<std::string> followed_once_;  // so that a rotated name is known when its log is gone
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
