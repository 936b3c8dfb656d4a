// A packed file that gives not even its first byte is passed over, and told of once.
#pragma once

#include <vector>

#include "daemon/files/follow_context.h"
#include "daemon/files/rotated_files.h"
#include "daemon/system/file_id.h"

namespace bouncesight {

class PackedStart {
 public:
  // False: it is to be passed over. It may be empty yet, or an error of the disk, which
  // `context.fs` knows of; else it is damaged from its start or refused, and is counted as given
  // up.
  bool Gives(RotatedFile& file, FollowContext& context);

 private:
  std::vector<FileId> told_;
};

}  // namespace bouncesight
