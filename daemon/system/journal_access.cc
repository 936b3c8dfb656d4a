#include "daemon/system/journal_access.h"

#include <array>
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
  std::string denied_path;
  std::size_t denied_files = 0;
  bool folder_denied = false;
  std::string others;  // the folder of another machine's journal
};

// 32 hexadecimal digits; empty: it cannot be told.
std::string MachineId(FileSystem& fs) {
  const FileHandle handle(fs, fs.Open("/etc/machine-id", OpenMode::kRead));
  std::array<char, 32> id;
  if (!handle.is_open() || fs.ReadAt(handle.fd(), id, 0) != std::int64_t{id.size()}) return {};
  return {id.data(), id.size()};
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
  if (handle.fd() != -EACCES || fs.Stat(path, info) != 0) return;
  ++found.denied_files;
  found.denied = info;
  found.denied_path = path;
}

// Folders of other machines than `machine` are passed by; none: no folder is.
void LookAtFolder(FileSystem& fs, const std::string& folder, int depth,
                  const std::optional<std::string>& machine, Found& found) {
  std::vector<std::string> names;
  const int error = fs.List(folder, names);
  if (error == -EACCES) found.folder_denied = true;
  if (error < 0) return;
  for (const std::string& name : names) {
    const std::string path = folder + "/" + name;
    if (IsJournalName(name)) {
      if (!IsUsers(name)) LookAtFile(fs, path, found);
    } else if (machine && NamesAMachine(name) &&
               (machine->empty() || !name.starts_with(*machine))) {
      found.others = path;
    } else if (depth > 0 && name.front() != '.') {
      LookAtFolder(fs, path, depth - 1, machine, found);
    }
  }
}

}  // namespace

bool IsJournalName(const std::string& name) {
  return name.ends_with(".journal") || name.ends_with(".journal~");
}

bool NamesAMachine(const std::string& folder) {
  const std::string id = folder.substr(0, folder.find('.'));
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

JournalAccess LookAtJournal(FileSystem& fs, const std::string& directory) {
  const std::vector<std::string> folders =
      directory.empty() ? std::vector<std::string>{"/var/log/journal", "/run/log/journal"}
                        : std::vector<std::string>{directory};
  Found found;
  const auto machine = directory.empty() ? std::optional(MachineId(fs)) : std::nullopt;
  for (const std::string& folder : folders) LookAtFolder(fs, folder, 1, machine, found);
  JournalAccess access;
  access.usable = found.readable > 0;
  access.present = access.usable || found.denied || found.folder_denied;
  access.files.open = found.readable;
  access.files.denied = found.denied_files + (found.folder_denied ? 1 : 0);
  access.files.missing = access.present ? 0 : 1;
  access.others = !access.present && !found.others.empty();
  if (found.denied) {
    access.complaint = found.denied_path + ": " + PermissionHint(found.denied_path, &*found.denied);
  } else if (!access.usable && found.folder_denied) {
    access.complaint =
        PermissionHint(folders.front(), nullptr) + "; the journal's group is systemd-journal";
  } else if (!access.usable && !found.others.empty()) {
    access.complaint =
        "the journal in " + found.others + " is another machine's, for /etc/machine-id " +
        (machine->empty() ? "names none" : "says " + *machine) +
        ": mount that machine's /etc/machine-id, too, or write `directory: " + found.others + "`";
  } else if (!access.usable) {
    access.complaint = "there is no journal in " + folders.front() +
                       (folders.size() > 1 ? " or " + folders.back() : "") +
                       "; is systemd-journald running, or must `directory:` name another folder?";
  }
  return access;
}

}  // namespace bouncesight
