// Makes the source that a piece of configuration describes.
#pragma once

#include "daemon/clock.h"
#include "daemon/config.h"
#include "daemon/fs.h"
#include "daemon/socket_pool.h"
#include "daemon/worker.h"

namespace bouncesight {

// What sources use of the world outside; it must outlive them.
struct SourceWorld {
  FileSystem& fs;
  const Clock& clock;
  SocketPool& sockets;
};

// An Error where this build or system lacks what the source needs.
Result<Worker::SourceMaker> MakerOf(const SourceConfig& config, const SourceWorld& world);

}  // namespace bouncesight
