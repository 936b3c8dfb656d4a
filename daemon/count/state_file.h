// One file of the state: opened when it is first written, opened anew when it was deleted while
// open, and made larger ahead of need, so that commits go on when the disk is full.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "daemon/system/fs.h"
#include "parsers/event/result.h"

namespace bouncesight {

// One thread.
class StateFile {
 public:
  // `fs` must outlive it.
  StateFile(FileSystem& fs, std::string path) : fs_(fs), path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  // The whole file, for the start; an empty text for one that is not there.
  Result<std::string> Read() const;

  // Writes the parts one behind the other from `offset` on, and syncs them. After an error the file
  // is opened anew at the next call.
  Status Write(std::uint64_t offset, std::span<const std::string_view> parts);
  // Room for so many bytes in all. Where the disk has none, false; the write itself decides then.
  bool Reserve(std::uint64_t bytes);
  std::uint64_t reserved() const { return reserved_; }
  // It is open, and has no name in any folder: what it gets is lost.
  bool IsDeleted() const;

 private:
  Status Open();
  Status Failed(const char* what, std::int64_t error);

  FileSystem& fs_;
  std::string path_;
  FileHandle handle_;
  std::uint64_t reserved_ = 0;
};

}  // namespace bouncesight
