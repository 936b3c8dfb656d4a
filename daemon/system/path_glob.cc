#include "daemon/system/path_glob.h"

#include <algorithm>
#include <cerrno>

#include <fnmatch.h>

namespace bouncesight {
namespace {

// What is not there is no fault.
void NoteFault(int error, GlobResult& result) {
  if (error == 0 || error == -ENOENT || error == -ENOTDIR) return;
  result.complete = false;
  result.error = error;
}

// Matches the parts of `pattern` from `start` on below `folder`.
void Descend(FileSystem& fs, const std::string& pattern, std::size_t start,
             const std::string& folder, GlobResult& result) {
  const auto slash = pattern.find('/', start);
  const bool last = slash == std::string::npos;
  const std::string part = pattern.substr(start, last ? std::string::npos : slash - start);
  if (!IsGlob(part)) {
    const std::string path = folder + part;
    if (!last) return Descend(fs, pattern, slash + 1, path + "/", result);
    FileInfo info;
    const int error = fs.Stat(path, info);
    if (error == 0) result.paths.push_back(path);
    return NoteFault(error, result);
  }
  std::vector<std::string> names;
  const bool has_name = folder.size() > 1;
  const int error = fs.List(has_name ? folder.substr(0, folder.size() - 1) : folder, names);
  if (error < 0) return NoteFault(error, result);
  std::sort(names.begin(), names.end());
  for (const auto& name : names) {
    if (::fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) != 0) continue;
    if (last) {
      result.paths.push_back(folder + name);
    } else {
      Descend(fs, pattern, slash + 1, folder + name + "/", result);
    }
  }
}

}  // namespace

bool IsGlob(const std::string& pattern) {
  return pattern.find_first_of("*?[") != std::string::npos;
}

GlobResult ExpandGlob(FileSystem& fs, const std::string& pattern) {
  GlobResult result;
  if (!IsGlob(pattern)) {
    result.paths.push_back(pattern);
    return result;
  }
  const bool absolute = !pattern.empty() && pattern.front() == '/';
  Descend(fs, pattern, absolute ? 1 : 0, absolute ? "/" : "./", result);
  std::sort(result.paths.begin(), result.paths.end());
  return result;
}

}  // namespace bouncesight
