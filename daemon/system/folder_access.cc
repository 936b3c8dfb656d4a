#include "daemon/system/folder_access.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/system/fs.h"

namespace bouncesight {
namespace {

// The folder itself, or the nearest above it that is there.
std::filesystem::path NearestThatIs(std::filesystem::path path) {
  std::error_code ignored;
  while (!std::filesystem::exists(path, ignored) && path != path.parent_path()) {
    path = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  }
  return path;
}

// The service may run as that user, and does where its package was installed.
bool IsOfAnotherUser(const std::filesystem::path& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && status.st_uid != 0 && status.st_uid != ::geteuid();
}

}  // namespace

std::string FolderComplaint(const std::string& folder) {
  const std::filesystem::path path(folder);
  const std::filesystem::path nearest = NearestThatIs(path);
  std::error_code ignored;
  const std::string start = folder + ": ";
  if (!std::filesystem::is_directory(nearest, ignored)) {
    return start + nearest.string() + " is not a folder; name another one";
  }
  if (::access(nearest.c_str(), W_OK | X_OK) == 0) return {};
  const std::string why = ErrorText(-errno);
  if (nearest != path) {
    return start + "cannot be made: " + nearest.string() + ": " + why +
           "; make it, writable for the service's user, or name another one";
  }
  if (IsOfAnotherUser(path)) return {};
  return start + "cannot be written: " + why +
         "; make the folder writable for this user, or name another one";
}

}  // namespace bouncesight
