// The names that rotation gives to a log: mail.log.1, mail.log.2.gz (logrotate), mail.log-20261121,
// mail-20261121.log (its dateext and extension), mail.log.0 (savelog); current becomes
// @400000005c1f3a2b2e8d9f44.s (multilog).
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// All names here are without a folder.

// The names that `name` may have had before rotation: "mail.log" for "mail.log.2.gz".
std::vector<std::string> NamesBeforeRotation(std::string_view name);

// May `candidate` be what rotation made of `name`?
bool IsRotatedName(std::string_view name, std::string_view candidate);

// Is the file at `path` a rotated or packed one of a log in `paths`? It is read, where it must be,
// on behalf of that one.
bool IsRotationOfOne(const std::string& path, const std::set<std::string>& paths);

}  // namespace bouncesight
