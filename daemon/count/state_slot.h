// The bytes of one slot of the state: {magic, version, generation, length, CRC-32C of the payload,
// CRC-32C of the header before it} and the payload. All numbers little-endian.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

enum class SlotState : std::uint8_t {
  kEmpty,    // never written: no bytes, or NULs alone, as a slot that was only reserved
  kTorn,     // cut short, altered, or bytes that are not a state
  kForeign,  // whole, but of another version
  kValid,
};

struct SlotContent {
  SlotState state = SlotState::kEmpty;
  std::uint32_t version = 0;
  std::uint64_t generation = 0;
  std::string_view payload;  // of the bytes given
};

std::string SlotHeader(std::uint32_t version, std::uint64_t generation, std::string_view payload);
SlotContent ReadSlot(std::string_view bytes, std::uint32_t version);

}  // namespace bouncesight
