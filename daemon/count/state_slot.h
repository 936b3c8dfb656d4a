// The bytes of one slot of the state: {magic, version, generation, length, CRC-32C of the payload,
// CRC-32C of the header before it} and the payload. All numbers little-endian. Version 1 was
// written whole at each commit; since version 2 the log (state_log.h) has what came after.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

inline constexpr std::uint32_t kSlotVersion = 2;
inline constexpr std::uint32_t kOldestSlotVersion = 1;
inline constexpr std::size_t kSlotHeaderBytes = 36;

enum class SlotState : std::uint8_t {
  kEmpty,    // never written: no bytes, or NULs alone, as a slot that was only reserved
  kTorn,     // cut short, altered, or bytes that are not a state
  kForeign,  // whole, but of a version that this program does not read
  kValid,
};

struct SlotContent {
  SlotState state = SlotState::kEmpty;
  std::uint32_t version = 0;
  std::uint64_t generation = 0;
  std::string_view payload;    // of the bytes given
  std::uint32_t checksum = 0;  // of the payload
};

// `checksum`: of the payload.
std::string SlotHeader(std::uint32_t version, std::uint64_t generation, std::size_t length,
                       std::uint32_t checksum);
SlotContent ReadSlot(std::string_view bytes);

// Little-endian numbers in headers.
void PutNumber(std::string& out, std::uint64_t number, int bytes);
std::uint64_t TakeNumber(std::string_view bytes, std::size_t at, int size);

}  // namespace bouncesight
