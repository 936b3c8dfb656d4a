// Files that people take for logs and that hold none, or none that can be read as it lies: what
// such a file is and what to do, told by its first bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bouncesight {

inline constexpr std::size_t kKindBytes = 512;

// A zip archive, an empty one too. Its members can be read one after the other.
bool LooksLikeZip(std::string_view head);
// A tar archive (POSIX.1-1988: "ustar" stands in its header).
bool LooksLikeTar(std::string_view head);

// "is a journal file of systemd: …": what follows the name of a file at `path` that begins with
// `head`, its first kKindBytes or all. Empty: it may be a log, plain or compressed.
std::string NoLogText(const std::string& path, std::string_view head);
// The same for a file that is followed: of an archive's members none is.
std::string NoFollowText(const std::string& path, std::string_view head);

}  // namespace bouncesight
