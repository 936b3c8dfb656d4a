#include "daemon/files/packed_start.h"

#include <algorithm>
#include <span>

#include "daemon/system/log.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMostTold = 100;  // then the oldest is forgotten

}  // namespace

bool PackedStart::Gives(RotatedFile& file, FollowContext& context) {
  char first = 0;
  if (file.reader->plain()) return true;
  const std::int64_t n = file.reader->ReadAt(std::span(&first, 1), 0);
  if ((n != -kTornLog && n != -kRefusedLog) || std::ranges::count(told_, file.info.id) > 0)
    return n > 0;
  if (told_.size() == kMostTold) told_.erase(told_.begin());
  told_.push_back(file.info.id);
  ++context.counts.abandoned;
  LogError(
      "source {}: {}, which rotation has put aside unread, cannot be unpacked ({}); unpack it "
      "with its own program, and `bouncesight report` reads it",
      context.source, file.path, file.reader->why());
  return false;
}

}  // namespace bouncesight
