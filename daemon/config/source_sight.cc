#include "daemon/config/source_sight.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "daemon/system/file_kind.h"
#include "daemon/system/journal_access.h"
#include "daemon/system/log_reader.h"
#include "daemon/system/path_glob.h"
#include "daemon/system/permission_hint.h"
#include "daemon/system/shell_word.h"
#include "rules/near_name.h"

namespace bouncesight {
namespace {

// So many things are named; the rest are a number.
constexpr std::size_t kMostNamed = 3;

std::vector<std::string> NamesIn(FileSystem& fs, const std::string& folder) {
  std::vector<std::string> names;
  if (fs.List(folder, names) < 0) names.clear();
  std::sort(names.begin(), names.end());
  return names;
}

std::string Join(const std::string& folder, const std::string& name) {
  return folder == "/" ? "/" + name : folder + "/" + name;
}

// One that may not be listed is there; one that can be listed is there.
bool IsFolder(FileSystem& fs, const std::string& path) {
  FileInfo info;
  return (fs.Stat(path, info) == 0 && info.directory) || !NamesIn(fs, path).empty();
}

// Where the way to `path` ends: the last folder on it that is there.
std::string LastFolderThere(FileSystem& fs, const std::string& path) {
  std::string folder = DirectoryOf(path);
  while (folder.size() > 1 && !IsFolder(fs, folder)) folder = DirectoryOf(folder);
  return folder;
}

// "; the nearest is …": by a slip of the pen in the first part of the path that is not there.
std::string NearestThere(FileSystem& fs, const std::string& path) {
  const std::string folder = LastFolderThere(fs, path);
  const std::size_t begin = folder == "/" ? 1 : folder.size() + 1;
  const std::size_t end = std::min(path.find('/', begin), path.size());
  const std::vector<std::string> names = NamesIn(fs, folder);
  if (IsGlob(path.substr(begin, end - begin))) {
    return names.empty() ? "; " + folder + " is empty" : "";
  }
  if (std::ranges::find(names, path.substr(begin, end - begin)) != names.end()) {
    return "; " + path.substr(0, end) + " is a link that leads nowhere: `ls -l` shows where to";
  }
  const std::string near = NearestName(path.substr(begin, end - begin), names);
  if (!near.empty()) return "; the nearest is " + Join(folder, near) + path.substr(end);
  if (end < path.size()) return "; there is no " + path.substr(0, end);
  return names.empty() ? "; " + folder + " is empty" : "";
}

// What is looked for and not had, as sentences of which few are said.
class Complaints {
 public:
  void Add(const std::string& what) {
    if (++count_ > kMostNamed) return;
    text_ += (text_.empty() ? "" : ". ") + what;
  }
  std::string Take() const {
    if (count_ <= kMostNamed) return text_;
    return text_ + ". So it is with " + std::to_string(count_ - kMostNamed) + " more";
  }

 private:
  std::size_t count_ = 0;
  std::string text_;
};

// It can be opened, and yet it may be no log.
void LookAtKind(FileSystem& fs, int fd, const std::string& path, Complaints& complaints) {
  std::array<char, kKindBytes> head;
  const std::int64_t got = fs.ReadAt(fd, head, 0);
  if (got <= 0) return;
  const std::string kind = NoFollowText(path, {head.data(), static_cast<std::size_t>(got)});
  if (!kind.empty()) complaints.Add(path + " " + kind);
}

void LookAtPath(FileSystem& fs, const std::string& path, SourceSight& sight,
                Complaints& complaints) {
  FileInfo info;
  const int error = fs.Stat(path, info);
  if (error == -ENOENT || error == -ENOTDIR) {
    ++sight.files.missing;
    return complaints.Add(path + " is not there" + NearestThere(fs, path));
  }
  const FileHandle handle(fs, error == 0 && info.regular ? fs.Open(path, OpenMode::kRead) : -1);
  const bool by_turns = handle.fd() == -EMFILE || handle.fd() == -ENFILE;  // told where it happens
  if (handle.is_open() || by_turns) {
    ++sight.files.open;
    sight.found.push_back(path);
    if (handle.is_open()) LookAtKind(fs, handle.fd(), path, complaints);
    return;
  }
  ++sight.files.denied;
  const int why = error < 0 ? error : handle.fd();
  if (error == 0 && !info.regular) return complaints.Add(path + " " + NoLogHint(path, info));
  complaints.Add(
      path + ": " +
      (why == -EACCES ? PermissionHint(path, error == 0 ? &info : nullptr) : ErrorText(why)));
}

// "mail.log" for "mail.log.1"; empty: no such name.
std::string LogBeforeRotation(const std::string& path) {
  const std::size_t dot = path.find_last_not_of("0123456789");
  const bool numbered = dot != path.npos && dot > 0 && dot + 1 < path.size() && path[dot] == '.';
  return numbered ? path.substr(0, dot) : "";
}

bool IsPacked(FileSystem& fs, const std::string& path) {
  std::unique_ptr<LogReader> reader;
  return HasCompressedName(path) || (OpenLog(fs, path, reader) == 0 && !reader->plain());
}

// Nobody writes to a file that was packed or put aside: from its end on, nothing comes.
std::string PutAsideText(FileSystem& fs, const std::string& path) {
  FileInfo info;
  const bool packed = IsPacked(fs, path);
  const std::string log =
      LogBeforeRotation(HasCompressedName(path) ? path.substr(0, path.rfind('.')) : path);
  const bool known = !log.empty() && fs.Stat(log, info) == 0;
  if (!packed && !known) return {};
  return path + (packed ? " is packed" : " was put aside by rotation") +
         ", and nobody writes to it: follow " + (known ? log : "the log itself") +
         "; `bouncesight report " + ShellWord(path) + "` reads what is in it";
}

void LookAtPattern(FileSystem& fs, const std::string& pattern, FirstSight start, SourceSight& sight,
                   Complaints& complaints) {
  const GlobResult found = ExpandGlob(fs, pattern);
  for (const std::string& path : found.paths) LookAtPath(fs, path, sight, complaints);
  if (!IsGlob(pattern) && !sight.found.empty() && start == FirstSight::kEnd) {
    const std::string aside = PutAsideText(fs, pattern);
    if (sight.found.back() == pattern && !aside.empty()) complaints.Add(aside);
  }
  if (!found.paths.empty()) return;
  if (found.complete) {
    ++sight.files.missing;
    FileInfo info;
    const bool literal = fs.Stat(pattern, info) == 0;  // `[1]` in a pattern is the letter 1
    complaints.Add("nothing matches " + pattern +
                   (literal ? "; for the file of that very name write \\ before each of [ * ?"
                            : NearestThere(fs, pattern)));
  } else {
    ++sight.files.denied;
    complaints.Add(pattern + ": " + PermissionHint(LastFolderThere(fs, pattern), nullptr));
  }
}

void LookAtFolder(FileSystem& fs, const std::string& folder, SourceSight& sight,
                  Complaints& complaints) {
  std::vector<std::string> names;
  const int error = fs.List(folder, names);
  FileInfo info;
  if (error == -ENOENT || error == -ENOTDIR) {
    ++sight.files.missing;
    const bool is_file = fs.Stat(folder, info) == 0;
    return complaints.Add(folder +
                          (is_file ? " is a file; use `type: file` with `paths: [" + folder + "]`"
                                   : " is not there" + NearestThere(fs, folder)));
  }
  if (error < 0) {
    ++sight.files.denied;
    return complaints.Add(folder + ": " + ErrorText(error));
  }
  for (const std::string& name : names) {
    const std::string path = Join(folder, name);
    const bool wanted =
        !name.empty() && name.front() != '.' && fs.Stat(path, info) == 0 && info.regular;
    if (wanted) LookAtPath(fs, path, sight, complaints);
  }
  if (sight.found.empty() && sight.files.denied == 0) {
    ++sight.files.missing;
    complaints.Add(folder + " holds no file yet");
  }
}

}  // namespace

SourceSight LookAtSource(const SourceConfig& source, FileSystem& fs) {
  SourceSight sight;
  Complaints complaints;
  switch (source.type) {
    case SourceType::kFile:
      for (const auto& pattern : source.paths) {
        LookAtPattern(fs, pattern, source.start, sight, complaints);
      }
      break;
    case SourceType::kDirectory:
      LookAtFolder(fs, source.directory, sight, complaints);
      break;
    case SourceType::kJournal: {
      const JournalAccess access = LookAtJournal(fs, source.directory);
      sight.files = access.files;
      if (!access.complaint.empty()) complaints.Add(access.complaint);
      break;
    }
    case SourceType::kSyslog:
    case SourceType::kKafka:  // kafka_access.h
    case SourceType::kStdin:
      break;
  }
  sight.complaint = complaints.Take();
  return sight;
}

}  // namespace bouncesight
