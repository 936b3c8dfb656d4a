#include "daemon/system/journal_access.h"

#include <cerrno>
#include <optional>
#include <vector>

#include "daemon/system/permission_hint.h"

namespace bouncesight {
namespace {

// What was found in the folders.
struct Found {
  std::size_t readable = 0;
  std::optional<FileInfo> denied;  // a file of the system's that may not be read
  bool folder_denied = false;
};

bool IsJournal(const std::string& name) {
  return name.ends_with(".journal") || name.ends_with(".journal~");
}

// Every user may read the journal of his own processes: that one does not count.
bool IsUsers(const std::string& name) { return name.starts_with("user-"); }

void LookAtFile(FileSystem& fs, const std::string& path, Found& found) {
  const FileHandle handle(fs, fs.Open(path, OpenMode::kRead));
  if (handle.is_open()) {
    ++found.readable;
    return;
  }
  FileInfo info;
  if (handle.fd() == -EACCES && fs.Stat(path, info) == 0) found.denied = info;
}

void LookAtFolder(FileSystem& fs, const std::string& folder, int depth, Found& found) {
  std::vector<std::string> names;
  const int error = fs.List(folder, names);
  if (error == -EACCES) found.folder_denied = true;
  if (error < 0) return;
  for (const std::string& name : names) {
    const std::string path = folder + "/" + name;
    if (IsJournal(name)) {
      if (!IsUsers(name)) LookAtFile(fs, path, found);
    } else if (depth > 0 && name.front() != '.') {
      LookAtFolder(fs, path, depth - 1, found);
    }
  }
}

}  // namespace

JournalAccess LookAtJournal(FileSystem& fs, const std::string& directory) {
  const std::vector<std::string> folders =
      directory.empty() ? std::vector<std::string>{"/var/log/journal", "/run/log/journal"}
                        : std::vector<std::string>{directory};
  Found found;
  for (const std::string& folder : folders) LookAtFolder(fs, folder, 1, found);
  JournalAccess access;
  access.usable = found.readable > 0;
  access.present = access.usable || found.denied || found.folder_denied;
  if (found.denied) {
    access.complaint = PermissionHint(&*found.denied);
  } else if (!access.usable && found.folder_denied) {
    access.complaint = PermissionHint(nullptr) + ": systemd-journal is the journal's group";
  } else if (!access.usable) {
    access.complaint = "there is no journal in " + folders.front() +
                       (folders.size() > 1 ? " or " + folders.back() : "") +
                       "; is systemd-journald running, or must `directory:` name another folder?";
  }
  return access;
}

}  // namespace bouncesight
