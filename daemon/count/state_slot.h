// The bytes of one slot of the state: {magic, version, generation, length, CRC-32C of the payload,
// link, CRC-32C of the header before it} and the payload. All numbers little-endian.
//
// The link is that of the change by which another log reached the same state (state_log.h), so
// that what follows the slot follows that log, too. Version 1 was written whole at each commit;
// version 2 shared one log, and had no link: its payload's checksum was it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bouncesight {

inline constexpr std::uint32_t kSlotVersion = 3;
inline constexpr std::uint32_t kOldestSlotVersion = 1;
inline constexpr std::size_t kSlotHeaderBytes = 40;

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
  std::string_view payload;  // of the bytes given
  std::uint32_t link = 0;    // of what its log begins with
};

// `checksum`: of the payload. `link`: none for a state that no log has reached; its own serves.
std::string SlotHeader(std::uint32_t version, std::uint64_t generation, std::size_t length,
                       std::uint32_t checksum, std::optional<std::uint32_t> link = {});
SlotContent ReadSlot(std::string_view bytes);

// Little-endian numbers in headers.
void PutNumber(std::string& out, std::uint64_t number, int bytes);
std::uint64_t TakeNumber(std::string_view bytes, std::size_t at, int size);

}  // namespace bouncesight
