#include "daemon/files/file_source.h"

#include <algorithm>
#include <utility>

#include <fnmatch.h>

#include "daemon/files/position_codec.h"
#include "daemon/files/rotated_names.h"
#include "daemon/system/log.h"
#include "daemon/system/path_glob.h"

namespace bouncesight {

FileSource::FileSource(const SourceConfig& config, FileSystem& fs, const Clock& clock,
                       StreamFactory& streams)
    : config_(config),
      fs_(fs),
      context_{fs_, clock, streams, config.name, config.rotated, {}, {}, {}, {}},
      silence_(config_, fs, clock),
      buffer_(TrackedFile::kBufferBytes),
      next_check_(clock.Steady()),
      next_glob_(clock.Steady()) {}

bool FileSource::Turn() {
  LookAround();
  silence_.Look();
  std::size_t bytes = 0;
  for (std::size_t tried = paths_.size(); tried > 0 && bytes < kTurnBytes; --tried) {
    if (cursor_ == paths_.end()) cursor_ = paths_.begin();
    bytes += cursor_->second->Read(buffer_);
    ++cursor_;
  }
  if (bytes > 0) {
    const std::chrono::duration<double> since = context_.clock.Wall().time_since_epoch();
    last_line_timestamp_ = since.count();
  }
  if (!caught_up_) {
    caught_up_ = std::all_of(paths_.begin(), paths_.end(),
                             [](const auto& item) { return item.second->caught_up(); });
  }
  return bytes > 0;
}

void FileSource::LookAround() {
  const auto now = context_.clock.Steady();
  if (now >= next_glob_) {
    next_glob_ = now + kGlobInterval;
    Expand();
  }
  if (now < next_check_) return;
  next_check_ = now + kCheckInterval;
  CheckPaths();
}

// Where descriptors are few, the paths that found none last time come first, and as many others
// give theirs back before.
void FileSource::CheckPaths() {
  DescriptorQueue& queue = context_.descriptors;
  if (queue.waiting > 0) GiveWay(std::exchange(queue.waiting, 0));
  if (!orphans_asked_) TakeOverRenamed();
  const auto first = paths_.lower_bound(std::exchange(queue.first, {}));
  for (auto it = first; it != paths_.end(); ++it) it->second->Check();
  for (auto it = paths_.begin(); it != first; ++it) it->second->Check();
  for (auto& [path, followed] : paths_) followed->Settle();
  if (!std::exchange(orphans_asked_, true)) FindOrphans();
}

void FileSource::GiveWay(std::size_t waiting) {
  auto it = paths_.upper_bound(last_paused_);
  for (std::size_t tried = paths_.size(); tried > 0 && waiting > 0; --tried, ++it) {
    if (it == paths_.end()) it = paths_.begin();
    if (!it->second->Pause()) continue;
    last_paused_ = it->first;
    --waiting;
  }
}

// A path that the configuration does not name any more is the past of one that leads to the same
// place: the log under another name, as over a link.
void FileSource::TakeOverRenamed() {
  std::map<std::string, std::string> by_place;
  for (const auto& [path, followed] : paths_) {
    std::string place;
    if (context_.fs.RealPath(path, place) == 0) by_place.emplace(place, path);
  }
  for (const auto& [path, followed] : paths_) by_place[path] = path;
  context_.book.Rename([&](const FilePosition& position) -> const std::string* {
    if (paths_.count(position.path) > 0) return nullptr;
    const auto it = by_place.find(position.true_path.empty() ? position.path : position.true_path);
    return it == by_place.end() ? nullptr : &it->second;
  });
}

// Positions of paths that the configuration does not name any more. A file of theirs may have been
// rotated since, beside a path that is followed now.
void FileSource::FindOrphans() {
  const auto is_followed = [&](const std::string& path) { return paths_.count(path) > 0; };
  for (auto& position : FurthestFirst(context_.book.TakeOrphans(is_followed))) {
    if (position.is_gap()) continue;
    const bool found = std::any_of(paths_.begin(), paths_.end(), [&](const auto& item) {
      return item.second->FindOrphan(position);
    });
    if (!found) context_.book.AddFinished(std::move(position));
  }
}

void FileSource::Expand() {
  for (const auto& pattern : config_.paths) {
    const bool is_new =
        std::find(known_patterns_.begin(), known_patterns_.end(), pattern) == known_patterns_.end();
    const GlobResult found = ExpandGlob(context_.fs, pattern);
    const std::set<std::string> all(found.paths.begin(), found.paths.end());
    for (const auto& path : found.paths) {
      if (!IsRotationOfOne(path, all)) FollowPath(path, is_new);
    }
    if (is_new && found.complete) known_patterns_.push_back(pattern);
    if (!IsGlob(pattern)) continue;
    if (found.paths.empty()) unmatched_.insert(pattern);
    if (!found.paths.empty()) unmatched_.erase(pattern);
    if (found.complete) ForgetGone(pattern, found);
    cursor_ = paths_.end();
  }
}

void FileSource::ForgetGone(const std::string& pattern, const GlobResult& found) {
  std::vector<std::pair<std::chrono::steady_clock::time_point, std::string>> looking;
  std::erase_if(paths_, [&](const auto& item) {
    const auto& [path, followed] = item;
    const bool gone = followed->empty() && !followed->is_alias() &&
                      ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0 &&
                      !std::binary_search(found.paths.begin(), found.paths.end(), path) &&
                      !context_.book.HasOpenOf(path);
    const auto since = followed->gone_since();
    if (!gone || !since) return gone;
    const bool late = context_.clock.Steady() - *since >= FollowedPath::kLinger;
    if (!late) looking.emplace_back(*since, path);
    return late;
  });
  std::ranges::sort(looking, std::ranges::greater());
  for (std::size_t i = kMaxGone; i < looking.size(); ++i) paths_.erase(looking[i].second);
}

void FileSource::FollowPath(const std::string& path, bool pattern_is_new) {
  if (paths_.count(path) > 0) return;
  if (IsRotationOfOne(path, context_.followed)) return;
  if (context_.followed.size() >= kMaxRemembered) context_.followed.clear();
  context_.followed.insert(path);
  const FirstSight first = pattern_is_new ? config_.start : FirstSight::kBeginning;
  paths_[path] = std::make_unique<FollowedPath>(path, first, context_);
}

bool FileSource::MatchesPattern(const std::string& path) const {
  return std::any_of(config_.paths.begin(), config_.paths.end(), [&](const auto& pattern) {
    return ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
  });
}

std::string FileSource::SaveState() {
  FileSourceState state;
  state.patterns = known_patterns_;
  state.counts = context_.counts;
  for (const auto& [path, followed] : paths_) followed->Save(state.positions);
  context_.book.Save(state.positions);
  return EncodeFileState(state);
}

bool FileSource::RestoreState(std::string_view bytes) {
  auto state = DecodeFileState(bytes);
  if (!state) {
    LogError("source {}: {}; its files are seen for the first time", config_.name,
             state.error().message);
    return false;
  }
  context_.counts = state->counts;
  for (const auto& pattern : state->patterns) {
    const bool kept =
        std::find(config_.paths.begin(), config_.paths.end(), pattern) != config_.paths.end();
    if (kept) known_patterns_.push_back(pattern);
  }
  for (auto& position : state->positions) {
    if (MatchesPattern(position.path)) FollowPath(position.path, false);
    context_.book.AddRestored(std::move(position));
  }
  return true;
}

SourceFiles FileSource::CountFiles() const {
  SourceFiles files;
  files.missing = unmatched_.size();
  for (const auto& [path, followed] : paths_) {
    files.denied += followed->past_denied() ? 1 : 0;
    switch (followed->sight()) {
      case FollowedPath::Sight::kOpen:
        ++files.open;
        break;
      case FollowedPath::Sight::kMissing:  // of a pattern's none need be there
        files.missing +=
            std::find(config_.paths.begin(), config_.paths.end(), path) != config_.paths.end();
        break;
      case FollowedPath::Sight::kDenied:
        ++files.denied;
        break;
    }
  }
  return files;
}

void FileSource::Describe(LiveSource& live) {
  live.files = CountFiles();
  std::uint64_t lag = 0;
  for (auto& [path, followed] : paths_) lag += followed->Unread();
  live.lag_bytes = lag;
  live.last_line_timestamp_seconds = last_line_timestamp_;
  live.rotations = context_.counts.rotations;
  live.truncations = context_.counts.truncations;
  live.files_abandoned = context_.counts.abandoned;
  live.lost_bytes = context_.counts.lost_bytes;
  live.gaps = context_.counts.gaps;
}

}  // namespace bouncesight
