#include "daemon/system/permission_hint.h"

#include <algorithm>
#include <array>
#include <vector>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "daemon/system/shell_word.h"

namespace bouncesight {
namespace {

constexpr std::uint32_t kGroupReads = 040;
constexpr std::uint32_t kEverybodyReads = 04;

std::string GroupName(std::uint32_t id) {
  std::array<char, 4096> buffer;
  group entry{};
  group* found = nullptr;
  const int error = ::getgrgid_r(id, &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr ? entry.gr_name : std::to_string(id);
}

std::string UserName(std::uint32_t id) {
  std::array<char, 4096> buffer;
  passwd entry{};
  passwd* found = nullptr;
  const int error = ::getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr ? entry.pw_name : std::to_string(id);
}

bool IsOurGroup(std::uint32_t id) {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(0, count)));
  return id == ::getegid() || std::find(groups.begin(), groups.end(), id) != groups.end();
}

}  // namespace

std::string PermissionHint(const std::string& path, const FileInfo* info) {
  if (info == nullptr) {
    return "permission denied already for a folder above it; `namei -l " + ShellWord(path) +
           "` shows which one this user may not enter";
  }
  const bool group_reads = (info->mode & kGroupReads) != 0;
  const bool may_read = (info->mode & kEverybodyReads) != 0 ||
                        (group_reads && IsOurGroup(info->group)) ||
                        (info->owner == ::geteuid() && (info->mode & 0400) != 0);
  if (may_read) {
    return "permission denied, although its mode lets this user read it: a sandbox forbids it "
           "(InaccessiblePaths= or ProtectHome= of the unit, AppArmor, SELinux); `journalctl -k` "
           "may say which";
  }
  const std::string name = GroupName(info->group);
  if (group_reads && info->group != 0) {
    return "permission denied; group " + name +
           " may read it: add the group to SupplementaryGroups= of the unit, or run `usermod -aG " +
           name + " USER` and start anew";
  }
  const std::string whose = group_reads
                                ? "the group root may read it, which no service should join"
                                : "its owner " + UserName(info->owner) +
                                      (info->owner == 0 ? "" : " and root") + " may read it";
  return "permission denied; only " + whose + ": run `chgrp adm " + ShellWord(path) +
         "; chmod g+r " + ShellWord(path) +
         "` with a group that this user is in, and let what creates the file do the same (`create "
         "0640 root adm` of logrotate)";
}

std::string NoLogHint(const std::string& path, const FileInfo& info) {
  if (info.directory) {
    return "is a folder; name the log files in it, as " + path +
           "/*.log, or use `type: directory` with `directory: " + path + "`";
  }
  if (info.stream) {
    return "is a pipe or a device; use `type: stdin` for the source, and start with `< " +
           ShellWord(path) + "`";
  }
  return "is not a regular file; name a log file";
}

}  // namespace bouncesight
