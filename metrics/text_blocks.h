// Many short texts in blocks of 32 bytes: a domain takes one, a long message id some. A text that
// is freed leaves its blocks to the next, whatever their lengths.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "metrics/slab.h"

namespace bouncesight {

class TextBlocks {
 public:
  static constexpr std::uint32_t kNone = 0;      // the number of the empty text
  static constexpr std::size_t kLongest = 1024;  // what is longer is cut

  std::uint32_t Put(std::string_view text);
  void Free(std::uint32_t number) {
    if (number != kNone) FreeAll(number);
  }
  // A view into the block, or into `room` where the text lies in several. Valid until the text is
  // freed or `room` changes.
  std::string_view View(std::uint32_t number, std::string& room) const {
    if (number == kNone) return {};
    const Block& block = blocks_[number];
    if (block.next == kNone) return {block.bytes, block.size};
    return Joined(number, room);
  }

  // This text will be freed soon.
  void Prefetch(std::uint32_t number) const {
    if (number != kNone) blocks_.Prefetch(number);
  }

  std::size_t used_bytes() const { return blocks_.used_bytes(); }
  std::size_t held_bytes() const { return blocks_.held_bytes(); }

 private:
  struct Block {
    std::uint32_t next = kNone;
    std::uint16_t size = 0;  // of the text from here on
    char bytes[26] = {};
  };
  static_assert(sizeof(Block) == 32);

  void FreeAll(std::uint32_t number);
  std::string_view Joined(std::uint32_t number, std::string& room) const;

  Slab<Block> blocks_;
};

}  // namespace bouncesight
