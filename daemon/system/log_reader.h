// The bytes of one log, whole or growing: a plain file, or a compressed one read as if plain.
#pragma once

#include <cerrno>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/system/fs.h"

namespace bouncesight {

// Of a compressed log: damaged or cut short here; or it asks for more memory than kMostWindow. No
// error of the disk looks like them.
inline constexpr int kTornLog = EBADMSG;
inline constexpr int kRefusedLog = EFBIG;

// Not thread-safe.
class LogReader {
 public:
  virtual ~LogReader() = default;

  // As FileSystem::ReadAt: fewer bytes than asked for means the end, or an error, which the next
  // call gives. A compressed file is read forward; going back starts it anew, and so does the call
  // after an error of the disk. Its own errors, which stay: kTornLog, kRefusedLog.
  virtual std::int64_t ReadAt(std::span<char> buffer, std::uint64_t offset) = 0;
  // What kTornLog or kRefusedLog was given for.
  virtual std::string why() const { return {}; }
  // As FileSystem::NextData.
  virtual std::int64_t NextData(std::uint64_t offset) { return static_cast<std::int64_t>(offset); }
  virtual int Info(FileInfo& info) = 0;  // of the file as it lies on disk
  // False: the size on disk says nothing about the bytes to come.
  virtual bool plain() const = 0;
  // Of a compressed one: are there lines behind its end that are not compressed? It goes there, if
  // that is not far (16 MiB of plain bytes).
  virtual bool HasPlainRest() { return false; }
  // From now on those lines are read, too, as they are. To be said before the first ReadAt.
  virtual void ReadPlainRest() {}
};

// Opens `path`. Whether it is compressed is told by its first bytes; a file that has none yet is
// taken by its name. Gives 0 and the reader, or -errno. `fs` must outlive the reader.
int OpenLog(FileSystem& fs, const std::string& path, std::unique_ptr<LogReader>& reader);

// A name that ends in .gz, .bz2, .xz, .zst, .lz4, .lz or .Z.
bool HasCompressedName(std::string_view path);

}  // namespace bouncesight
