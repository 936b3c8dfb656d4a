#include "daemon/count/state_slot.h"

#include "daemon/count/crc32c.h"
#include "daemon/count/state_store.h"

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "BSSTATE\n";

void Put(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

std::uint64_t Take(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t number = 0;
  for (int i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    number |= std::uint64_t{byte} << (8 * i);
  }
  return number;
}

}  // namespace

std::string SlotHeader(std::uint32_t version, std::uint64_t generation, std::string_view payload) {
  std::string header(kMagic);
  Put(header, version, 4);
  Put(header, generation, 8);
  Put(header, payload.size(), 8);
  Put(header, Crc32c(payload), 4);
  Put(header, Crc32c(header), 4);
  return header;
}

SlotContent ReadSlot(std::string_view bytes, std::uint32_t version) {
  SlotContent content;
  const auto header = bytes.substr(0, StateStore::kHeaderBytes);
  if (bytes.find_first_not_of('\0') == std::string_view::npos) return content;
  content.state = SlotState::kTorn;
  if (header.size() < StateStore::kHeaderBytes || !header.starts_with(kMagic)) return content;
  if (Take(header, 32, 4) != Crc32c(header.substr(0, 32))) return content;
  content.version = static_cast<std::uint32_t>(Take(header, 8, 4));
  content.generation = Take(header, 12, 8);
  const std::uint64_t length = Take(header, 20, 8);
  if (length > bytes.size() - StateStore::kHeaderBytes) return content;
  content.payload = bytes.substr(StateStore::kHeaderBytes, length);
  if (Take(header, 28, 4) != Crc32c(content.payload)) return content;
  content.state = content.version == version ? SlotState::kValid : SlotState::kForeign;
  return content;
}

}  // namespace bouncesight
