// Which file this is, whatever it is called, as long as it exists: an inode is given to another
// file as soon as this one is gone.
#pragma once

#include <compare>
#include <cstdint>

namespace bouncesight {

struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend auto operator<=>(const FileId&, const FileId&) = default;  // NOLINT(modernize-use-nullptr)
};

}  // namespace bouncesight
