// Makes the source that a piece of configuration describes.
#pragma once

#include "daemon/config/config.h"
#include "daemon/count/worker.h"
#include "daemon/event_lines.h"
#include "daemon/system/clock.h"
#include "daemon/system/fs.h"
#include "daemon/system/net/socket_pool.h"

namespace bouncesight {

// What sources use of the world outside; it must outlive them.
struct SourceWorld {
  FileSystem& fs;
  const Clock& clock;
  SocketPool& sockets;
  EventWorld events = {};
};

// An Error where this build or system lacks what the source needs.
Result<Worker::SourceMaker> MakerOf(const SourceConfig& config, const SourceWorld& world);

}  // namespace bouncesight
