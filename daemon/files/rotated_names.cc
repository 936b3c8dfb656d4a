#include "daemon/files/rotated_names.h"

#include <algorithm>
#include <array>

namespace bouncesight {
namespace {

constexpr std::array<std::string_view, 7> kPacked = {".gz",  ".bz2", ".xz", ".zst",
                                                     ".lz4", ".lz",  ".Z"};

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

// Every stem of `name` that a '.' or '-' and then a number or date follows, `extension` put back.
void AddStems(std::string_view name, std::string_view extension, std::vector<std::string>& stems) {
  for (std::size_t i = name.find_first_of(".-", 1); i != std::string_view::npos;
       i = name.find_first_of(".-", i + 1)) {
    if (IsNumberOrDate(name.substr(i + 1))) {
      stems.push_back(std::string(name.substr(0, i)).append(extension));
    }
  }
}

// Of multilog, svlogd and s6-log: "@", a TAI64N stamp of 24 hexadecimal digits, ".s" or ".u".
bool IsStamped(std::string_view name) {
  constexpr std::size_t kDigits = 24;
  return name.size() > kDigits + 1 && name[0] == '@' && name[kDigits + 1] == '.' &&
         name.substr(1, kDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> NamesBeforeRotation(std::string_view name) {
  std::vector<std::string> stems;
  name = WithoutPackedEnd(name);
  AddStems(name, "", stems);
  const auto dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0) {
    AddStems(name.substr(0, dot), name.substr(dot), stems);
  }
  return stems;
}

bool IsRotatedName(std::string_view name, std::string_view candidate) {
  if (name == "current" && IsStamped(candidate)) return true;
  const auto names = NamesBeforeRotation(candidate);
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsRotationOfOne(const std::string& path, const std::set<std::string>& paths) {
  const std::size_t folder = path.rfind('/') + 1;
  const auto names = NamesBeforeRotation(std::string_view(path).substr(folder));
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return paths.count(path.substr(0, folder) + name) > 0;
  });
}

}  // namespace bouncesight
