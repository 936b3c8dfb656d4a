// Looks for the files of a log that rotation has put aside: beside the path, beside what the path
// leads to, and where the configuration says that rotated files lie.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/files/file_identity.h"
#include "daemon/system/fs.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

struct RotatedPlaces {
  std::string path;
  std::vector<std::string> true_paths;       // where it leads to and has led to; may be empty
  const std::vector<std::string>& patterns;  // `rotated` of the configuration
  const std::set<std::string>& followed;     // the paths of the source: files of theirs lie there
};

struct RotatedFile {
  std::string path;
  FileInfo info;
  std::unique_ptr<LogReader> reader;  // null: none found
};

// Calls `visit` for each file at the places that can be opened and bears a rotated name of the log
// (or its very name, in another folder), oldest first by its last write, until it returns false;
// only those that were written after `since_ns` are opened. Symbolic links to the log itself are
// visited too: check the inode. False: something could not be looked at for now (no descriptor, an
// error of the disk, a folder that we may not list), so that a file may be missing.
bool VisitRotated(FileSystem& fs, const RotatedPlaces& places, std::int64_t since_ns,
                  const std::function<bool(RotatedFile&)>& visit);

// The file at the places that holds the position's content: by preference the same inode, then a
// plain copy (copytruncate), then a compressed one. Every regular file there may be it, whatever
// its name; those with a rotated name are asked first. `usable` may refuse a file by what it is.
// `complete`: as VisitRotated returns it.
struct FoundFile {
  RotatedFile file;
  bool complete = true;
};
FoundFile FindRotated(FileSystem& fs, const RotatedPlaces& places, const FilePosition& position,
                      const std::function<bool(const FileInfo&)>& usable);
// The same, but of rotated names only.
FoundFile FindRotatedName(FileSystem& fs, const RotatedPlaces& places, const FilePosition& position,
                          const std::function<bool(const FileInfo&)>& usable);

}  // namespace bouncesight
