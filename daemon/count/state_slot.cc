#include "daemon/count/state_slot.h"

#include "daemon/count/crc32c.h"

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "BSSTATE\n";
constexpr std::uint32_t kLinkVersion = 3;
constexpr std::size_t kOldHeaderBytes = kSlotHeaderBytes - 4;  // without a link

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
                       std::uint32_t checksum, std::optional<std::uint32_t> link) {
  std::string header(kMagic);
  PutNumber(header, version, 4);
  PutNumber(header, generation, 8);
  PutNumber(header, length, 8);
  PutNumber(header, checksum, 4);
  if (version >= kLinkVersion) PutNumber(header, link.value_or(checksum), 4);
  PutNumber(header, Crc32c(header), 4);
  return header;
}

SlotContent ReadSlot(std::string_view bytes) {
  SlotContent content;
  if (bytes.find_first_not_of('\0') == std::string_view::npos) return content;
  content.state = SlotState::kTorn;
  if (bytes.size() < kOldHeaderBytes || !bytes.starts_with(kMagic)) return content;
  const auto version = static_cast<std::uint32_t>(TakeNumber(bytes, 8, 4));
  const std::size_t size = version >= kLinkVersion ? kSlotHeaderBytes : kOldHeaderBytes;
  if (bytes.size() < size) return content;
  if (TakeNumber(bytes, size - 4, 4) != Crc32c(bytes.substr(0, size - 4))) return content;
  content.version = version;
  content.generation = TakeNumber(bytes, 12, 8);
  const std::uint64_t length = TakeNumber(bytes, 20, 8);
  if (length > bytes.size() - size) return content;
  content.payload = bytes.substr(size, length);
  const std::uint32_t checksum = Crc32c(content.payload);
  if (TakeNumber(bytes, 28, 4) != checksum) return content;
  content.link =
      version >= kLinkVersion ? static_cast<std::uint32_t>(TakeNumber(bytes, 32, 4)) : checksum;
  const bool known = content.version >= kOldestSlotVersion && content.version <= kSlotVersion;
  content.state = known ? SlotState::kValid : SlotState::kForeign;
  return content;
}

}  // namespace bouncesight
