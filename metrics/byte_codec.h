// Numbers and strings to bytes and back: LEB128 for numbers, shortest form only, and a length
// before each string. Hashes, which are large, have 8 bytes, the lowest first.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bouncesight {

class ByteWriter {
 public:
  void Number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void String(std::string_view text) {
    Number(text.size());
    bytes_ += text;
  }
  void Hash(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes_ += static_cast<char>(value >> (8 * i));
  }
  void Raw(std::string_view bytes) { bytes_ += bytes; }
  void Reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what a ByteWriter wrote. After the first thing that is not there, or not as a ByteWriter
// writes it, ok() is false for good and every read gives 0 or "".
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t Number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      const std::uint64_t bits = byte & 0x7FU;
      if (shift == 63 && bits > 1) break;  // more than 64 bits
      value |= bits << shift;
      if (byte >= 0x80) continue;
      if (byte == 0 && shift > 0) break;  // a longer form than needed
      return value;
    }
    Fail();
    return 0;
  }

  std::uint64_t Hash() {
    const std::string_view bytes = Raw(8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      value |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    }
    return value;
  }

  // A number that must not be above `max`.
  std::uint64_t Bounded(std::uint64_t max) {
    const std::uint64_t value = Number();
    if (value <= max) return value;
    Fail();
    return 0;
  }

  // How many things follow, each of at least one byte: never more than there are bytes.
  std::size_t Count() { return static_cast<std::size_t>(Bounded(rest_.size())); }

  // The view lives as long as the bytes given.
  std::string_view String() { return Raw(Count()); }
  std::string_view Raw(std::size_t size) {
    if (size > rest_.size()) Fail();
    const std::string_view text = rest_.substr(0, std::min(size, rest_.size()));
    rest_.remove_prefix(text.size());
    return text;
  }

  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace bouncesight
