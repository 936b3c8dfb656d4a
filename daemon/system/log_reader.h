// The bytes of one log at rest or growing: a plain file, or a compressed one read as if plain.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "daemon/system/fs.h"

namespace bouncesight {

// Not thread-safe.
class LogReader {
 public:
  virtual ~LogReader() = default;

  // As FileSystem::ReadAt: fewer bytes than asked for means the end. A compressed file is read
  // forward; going back starts it anew.
  virtual std::int64_t ReadAt(std::span<char> buffer, std::uint64_t offset) = 0;
  // As FileSystem::NextData.
  virtual std::int64_t NextData(std::uint64_t offset) { return static_cast<std::int64_t>(offset); }
  virtual int Info(FileInfo& info) = 0;  // of the file as it lies on disk
  // False: the size on disk says nothing about the bytes to come.
  virtual bool plain() const = 0;
};

// Opens `path`; a name that ends in .gz, .bz2, .xz or .zst is read through its decompressor. Gives
// 0 and the reader, or -errno. `fs` must outlive the reader.
int OpenLog(FileSystem& fs, const std::string& path, std::unique_ptr<LogReader>& reader);

bool HasCompressedName(const std::string& path);

}  // namespace bouncesight
