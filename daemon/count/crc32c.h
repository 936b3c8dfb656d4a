// CRC-32C (Castagnoli), as in RFC 3720: detects any burst of up to 32 bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace bouncesight {

std::uint32_t Crc32c(std::string_view bytes);

}  // namespace bouncesight
