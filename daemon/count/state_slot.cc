#include "daemon/count/state_slot.h"

#include "daemon/count/crc32c.h"

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "BSSTATE\n";

}  // namespace

void PutNumber(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

std::uint64_t TakeNumber(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t number = 0;
  for (int i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    number |= std::uint64_t{byte} << (8 * i);
  }
  return number;
}

std::string SlotHeader(std::uint32_t version, std::uint64_t generation, std::size_t length,
                       std::uint32_t checksum) {
  std::string header(kMagic);
  PutNumber(header, version, 4);
  PutNumber(header, generation, 8);
  PutNumber(header, length, 8);
  PutNumber(header, checksum, 4);
  PutNumber(header, Crc32c(header), 4);
  return header;
}

SlotContent ReadSlot(std::string_view bytes) {
  SlotContent content;
  const auto header = bytes.substr(0, kSlotHeaderBytes);
  if (bytes.find_first_not_of('\0') == std::string_view::npos) return content;
  content.state = SlotState::kTorn;
  if (header.size() < kSlotHeaderBytes || !header.starts_with(kMagic)) return content;
  if (TakeNumber(header, 32, 4) != Crc32c(header.substr(0, 32))) return content;
  content.version = static_cast<std::uint32_t>(TakeNumber(header, 8, 4));
  content.generation = TakeNumber(header, 12, 8);
  const std::uint64_t length = TakeNumber(header, 20, 8);
  if (length > bytes.size() - kSlotHeaderBytes) return content;
  content.payload = bytes.substr(kSlotHeaderBytes, length);
  content.checksum = Crc32c(content.payload);
  if (TakeNumber(header, 28, 4) != content.checksum) return content;
  const bool known = content.version >= kOldestSlotVersion && content.version <= kSlotVersion;
  content.state = known ? SlotState::kValid : SlotState::kForeign;
  return content;
}

}  // namespace bouncesight
