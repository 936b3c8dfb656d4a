#include "daemon/rotated_names.h"

#include <algorithm>
#include <array>

namespace bouncesight {
namespace {

constexpr std::array<std::string_view, 4> kPacked = {".gz", ".bz2", ".xz", ".zst"};

std::string_view WithoutPackedEnd(std::string_view name) {
  for (const auto end : kPacked) {
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  }
  return name;
}

// "1", "20261121", "2026-11-21_13": a digit first, then digits and what stands between them.
bool IsNumberOrDate(std::string_view text) {
  if (text.empty() || text.size() > 32 || text[0] < '0' || text[0] > '9') return false;
  return text.find_first_not_of("0123456789-_.:T") == std::string_view::npos;
}

// Is `candidate` `stem`, then '.' or '-', then a number or date?
bool HasRotationAfter(std::string_view stem, std::string_view candidate) {
  return candidate.size() > stem.size() + 1 && candidate.starts_with(stem) &&
         (candidate[stem.size()] == '.' || candidate[stem.size()] == '-') &&
         IsNumberOrDate(candidate.substr(stem.size() + 1));
}

}  // namespace

bool IsRotatedName(std::string_view name, std::string_view candidate) {
  candidate = WithoutPackedEnd(candidate);
  if (HasRotationAfter(name, candidate)) return true;
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view extension = name.substr(dot);
  if (!candidate.ends_with(extension)) return false;
  candidate.remove_suffix(extension.size());
  return HasRotationAfter(name.substr(0, dot), candidate);
}

std::vector<std::string> ListRotated(FileSystem& fs, const std::string& path) {
  std::vector<std::string> names;
  std::vector<std::string> paths;
  const std::string folder = DirectoryOf(path);
  const std::string name = BaseNameOf(path);
  if (fs.List(folder, names) < 0) return paths;
  std::sort(names.begin(), names.end());
  for (const auto& candidate : names) {
    if (IsRotatedName(name, candidate)) {
      paths.push_back((folder == "/" ? "/" : folder + "/") + candidate);
    }
  }
  return paths;
}

}  // namespace bouncesight
