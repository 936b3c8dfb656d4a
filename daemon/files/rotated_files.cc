#include "daemon/files/rotated_files.h"

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "daemon/files/rotated_names.h"
#include "daemon/system/path_glob.h"

namespace bouncesight {
namespace {

// Files without a rotated name that are asked for their content at most: a folder may hold any
// number of others, and each costs an open and a read.
constexpr std::size_t kMostStrangers = 1000;

struct Candidate {
  std::string path;
  FileInfo info;
  bool named = false;  // as rotation names files
};

// An error that says nothing about whether the file is there. One that we may not read is there,
// and is none that we can have read.
bool IsUnknown(int error) {
  return error < 0 && error != -ENOENT && error != -ENOTDIR && error != -EACCES;
}

class Listing {
 public:
  Listing(FileSystem& fs, const RotatedPlaces& places, bool strangers_too)
      : fs_(fs), places_(places), strangers_too_(strangers_too) {
    for (const auto* path : Paths()) bases_.insert(BaseNameOf(*path));
    for (const auto* path : Paths()) AddFolder(DirectoryOf(*path));
    for (const auto& pattern : places.patterns) AddPattern(pattern);
  }

  // Rotated names first, each kind oldest first.
  std::vector<Candidate> Take() {
    std::stable_sort(found_.begin(), found_.end(), [](const Candidate& a, const Candidate& b) {
      return std::pair(!a.named, a.info.modified_ns) < std::pair(!b.named, b.info.modified_ns);
    });
    return std::move(found_);
  }
  bool complete() const { return complete_; }

 private:
  std::vector<const std::string*> Paths() const {
    std::vector<const std::string*> paths = {&places_.path};
    for (const auto& path : places_.true_paths) paths.push_back(&path);
    return paths;
  }

  void AddFolder(const std::string& folder) {
    if (!folders_.insert(folder).second) return;
    std::vector<std::string> names;
    const int error = fs_.List(folder, names);
    // What lies in a folder that we may not list may be what we have read.
    if (error == -EACCES || IsUnknown(error)) complete_ = false;
    if (error < 0) return;
    for (const auto& name : names) Add((folder == "/" ? "/" : folder + "/") + name, name);
  }

  void AddPattern(const std::string& pattern) {
    const GlobResult found = ExpandGlob(fs_, pattern);
    complete_ = complete_ && found.complete;
    for (const auto& path : found.paths) Add(path, BaseNameOf(path));
  }

  void Add(const std::string& path, const std::string& name) {
    const auto paths = Paths();
    const bool log = std::any_of(paths.begin(), paths.end(), [&](auto* p) { return *p == path; });
    const bool named = !log && std::any_of(bases_.begin(), bases_.end(), [&](const auto& base) {
      return name == base || IsRotatedName(base, name);
    });
    if ((!named && !strangers_too_) || !seen_.insert(path).second) return;
    Candidate candidate{path, {}, named};
    const int error = fs_.Stat(path, candidate.info);
    if (IsUnknown(error)) complete_ = false;
    if (error == 0 && candidate.info.regular) found_.push_back(std::move(candidate));
  }

  FileSystem& fs_;
  const RotatedPlaces& places_;
  bool strangers_too_;
  std::set<std::string> bases_, folders_, seen_;
  std::vector<Candidate> found_;
  bool complete_ = true;
};

// Opens the candidate; null where that fails.
RotatedFile OpenCandidate(FileSystem& fs, const Candidate& candidate, bool& complete) {
  RotatedFile file{candidate.path, candidate.info, nullptr};
  const int error = OpenLog(fs, file.path, file.reader);
  if (error == 0) file.reader->ReadPlainRest();
  if (error == 0 && file.reader->Info(file.info) < 0) file.reader.reset();
  if (IsUnknown(error)) complete = false;
  return file;
}

FoundFile FindAmong(FileSystem& fs, const RotatedPlaces& places, bool strangers_too,
                    const FilePosition& position,
                    const std::function<bool(const FileInfo&)>& usable) {
  Listing listing(fs, places, strangers_too);
  const FileIdentity& id = position.identity;
  const auto same = [&](const FileInfo& info) { return info.id == id.file; };
  const auto is_log = [&](const Candidate& c) { return IsRotationOfOne(c.path, places.followed); };
  auto candidates = listing.Take();
  std::stable_partition(candidates.begin(), candidates.end(),
                        [&](const Candidate& c) { return same(c.info); });
  FoundFile best;
  best.complete = listing.complete();
  std::size_t strangers = 0;
  for (const auto& candidate : candidates) {
    const bool same_inode = same(candidate.info);
    if (!usable(candidate.info)) continue;
    // Nothing tells what it holds: its inode may be a stranger's by now.
    if (id.tail_length == 0 && !(same_inode && (candidate.named || is_log(candidate)))) continue;
    if (!same_inode && !candidate.named && ++strangers > kMostStrangers) break;
    if (!HasCompressedName(candidate.path) && candidate.info.size < position.offset) continue;
    RotatedFile file = OpenCandidate(fs, candidate, best.complete);
    if (!file.reader || (best.file.reader && !file.reader->plain())) continue;
    if (!HasContentOf(position, *file.reader)) continue;
    best.file = std::move(file);
    if (same_inode || best.file.reader->plain()) break;
  }
  return best;
}

}  // namespace

bool VisitRotated(FileSystem& fs, const RotatedPlaces& places, std::int64_t since_ns,
                  const std::function<bool(RotatedFile&)>& visit) {
  Listing listing(fs, places, false);
  bool complete = listing.complete();
  for (const auto& candidate : listing.Take()) {
    if (candidate.info.modified_ns <= since_ns) continue;
    RotatedFile file = OpenCandidate(fs, candidate, complete);
    if (file.reader && !visit(file)) break;
  }
  return complete;
}

FoundFile FindRotated(FileSystem& fs, const RotatedPlaces& places, const FilePosition& position,
                      const std::function<bool(const FileInfo&)>& usable) {
  return FindAmong(fs, places, true, position, usable);
}

FoundFile FindRotatedName(FileSystem& fs, const RotatedPlaces& places, const FilePosition& position,
                          const std::function<bool(const FileInfo&)>& usable) {
  return FindAmong(fs, places, false, position, usable);
}

}  // namespace bouncesight
