#include "daemon/files/rotated_files.h"

#include <algorithm>
#include <vector>

#include "daemon/files/rotated_names.h"

namespace bouncesight {
namespace {

// Better is higher; 0: not it.
int Rank(const FilePosition& position, const RotatedFile& file) {
  if (!HasContentOf(position, *file.reader)) return 0;
  const FileIdentity& id = position.identity;
  if (file.info.id == id.file) return 3;
  if (id.tail_length == 0) return 0;  // nothing to know it by
  return file.reader->plain() ? 2 : 1;
}

}  // namespace

void VisitRotated(FileSystem& fs, const std::string& path,
                  const std::function<bool(RotatedFile&)>& visit) {
  std::vector<RotatedFile> files;
  for (auto& name : ListRotated(fs, path)) {
    RotatedFile file;
    file.path = std::move(name);
    if (fs.Stat(file.path, file.info) == 0 && file.info.regular) files.push_back(std::move(file));
  }
  std::stable_sort(files.begin(), files.end(), [](const RotatedFile& a, const RotatedFile& b) {
    return a.info.modified_ns < b.info.modified_ns;
  });
  for (auto& file : files) {
    if (OpenLog(fs, file.path, file.reader) < 0) continue;
    if (file.reader->Info(file.info) == 0 && !visit(file)) return;
    file.reader.reset();
  }
}

RotatedFile FindRotated(FileSystem& fs, const FilePosition& position,
                        const std::function<bool(const FileInfo&)>& usable) {
  RotatedFile best;
  int best_rank = 0;
  VisitRotated(fs, position.path, [&](RotatedFile& file) {
    const int rank = usable(file.info) ? Rank(position, file) : 0;
    if (rank > best_rank) {
      best_rank = rank;
      best = std::move(file);
    }
    return best_rank < 3;
  });
  return best;
}

}  // namespace bouncesight
