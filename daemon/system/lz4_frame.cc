#include "daemon/system/lz4_frame.h"

#include <algorithm>
#include <cstddef>

namespace bouncesight {
namespace {

constexpr std::uint32_t kOldMagic = 0x184C2102;
// What 8 MiB that cannot be compressed come to.
constexpr std::uint32_t kLargestOldBlock = (8U << 20U) + (8U << 20U) / 255 + 16;
constexpr std::size_t kFlagsAt = 4;

enum Flag : unsigned char {
  kHasDictionary = 1,
  kHasChecksum = 4,
  kHasSize = 8,
  kHasBlockChecksums = 16,
};

std::uint32_t NumberAt(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[i]);
  return number;
}

}  // namespace

std::size_t Lz4Frame::Take(std::string_view bytes) {
  std::size_t taken = 0;
  while (!ended_) {
    const std::size_t step = std::min<std::uint64_t>(passing_, bytes.size() - taken);
    taken += step;
    passing_ -= step;
    if (passing_ > 0 || (!closing_ && !ReadHead(bytes.substr(taken)))) break;
    ended_ = ended_ || (closing_ && passing_ == 0);
  }
  return taken;
}

// False: more bytes are needed.
bool Lz4Frame::ReadHead(std::string_view bytes) {
  if (bytes.size() < (begun_ ? 4 : kFlagsAt + 1)) return false;
  const std::uint32_t number = NumberAt(bytes);
  if (!begun_) {
    begun_ = true;
    old_ = number == kOldMagic;
    flags_ = old_ ? 0 : static_cast<unsigned char>(bytes[kFlagsAt]);
    const unsigned optional =
        ((flags_ & kHasSize) != 0 ? 8 : 0) + ((flags_ & kHasDictionary) != 0 ? 4 : 0);
    passing_ = old_ ? 4 : 4 + 3 + optional;
  } else if (old_) {
    ended_ = number > kLargestOldBlock;
    passing_ = ended_ ? 0 : 4 + std::uint64_t{number};
  } else if (number == 0) {
    closing_ = true;
    passing_ = (flags_ & kHasChecksum) != 0 ? 8 : 4;
  } else {
    passing_ =
        4 + std::uint64_t{number & 0x7FFFFFFFU} + ((flags_ & kHasBlockChecksums) != 0 ? 4 : 0);
  }
  return true;
}

}  // namespace bouncesight
