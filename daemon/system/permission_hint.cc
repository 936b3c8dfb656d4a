#include "daemon/system/permission_hint.h"

#include <array>

#include <grp.h>

namespace bouncesight {

std::string PermissionHint(const FileInfo* info) {
  if (info == nullptr) {
    return "permission denied already for its folder; let this user enter it";
  }
  std::array<char, 4096> buffer;
  group entry{};
  group* found = nullptr;
  const bool known =
      ::getgrgid_r(info->group, &entry, buffer.data(), buffer.size(), &found) == 0 && found;
  const std::string name = known ? entry.gr_name : std::to_string(info->group);
  return "permission denied; the file belongs to group " + name +
         ": add it to SupplementaryGroups= of the unit, or run `usermod -aG " + name +
         " USER` and start anew";
}

}  // namespace bouncesight
