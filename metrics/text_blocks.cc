#include "metrics/text_blocks.h"

#include <algorithm>

namespace bouncesight {

std::uint32_t TextBlocks::Put(std::string_view text) {
  text = text.substr(0, kLongest);
  if (text.empty()) return kNone;
  const std::uint32_t first = blocks_.New();
  std::uint32_t at = first;
  for (;;) {
    Block& block = blocks_[at];
    block.size = static_cast<std::uint16_t>(text.size());
    text.remove_prefix(text.copy(block.bytes, sizeof block.bytes));
    if (text.empty()) return first;
    const std::uint32_t next = blocks_.New();
    blocks_[at].next = next;
    at = next;
  }
}

void TextBlocks::FreeAll(std::uint32_t number) {
  while (number != kNone) {
    const std::uint32_t next = blocks_[number].next;
    blocks_.Free(number);
    number = next;
  }
}

std::string_view TextBlocks::Joined(std::uint32_t number, std::string& room) const {
  const Block* block = &blocks_[number];
  room.clear();
  for (;;) {
    room.append(block->bytes, std::min<std::size_t>(block->size, sizeof block->bytes));
    if (block->next == kNone) return room;
    block = &blocks_[block->next];
  }
}

}  // namespace bouncesight
