// What the paths of one source share.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/count/line_stream.h"
#include "daemon/files/file_book.h"
#include "daemon/files/position_codec.h"
#include "daemon/files/watched_fs.h"
#include "daemon/system/clock.h"

namespace bouncesight {

// There are fewer descriptors than files: those that are read to their end give way to others.
struct DescriptorQueue {
  std::size_t waiting = 0;  // paths that found none in this round
  std::string first;        // of those
  bool warned = false;
};

struct FollowContext {
  WatchedFs& fs;
  const Clock& clock;
  StreamFactory& streams;
  std::string source;                // its name, for messages
  std::vector<std::string> rotated;  // patterns: where else rotated files lie
  FileBook book;
  FileCounts counts;
  DescriptorQueue descriptors;
  std::set<std::string>
      followed;  // every path so far: a rotated name is known when its log is gone
};

}  // namespace bouncesight
