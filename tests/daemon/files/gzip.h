// Packs text for tests, without compressing it.
#pragma once

#include <cstdint>
#include <string>

namespace bouncesight {

// RFC 1952 around one stored block of RFC 1951, which holds up to 64 KiB.
inline std::string Gzip(const std::string& text) {
  const auto number = [](std::uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
  };
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  const auto size = static_cast<std::uint32_t>(text.size());
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03\x01", 11) + number(size, 2) + number(~size, 2) +
         text + number(~crc, 4) + number(size, 4);
}

}  // namespace bouncesight
