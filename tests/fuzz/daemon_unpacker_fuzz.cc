// Compressed logs and archives of any bytes: read by two sizes of a buffer, the plain bytes are the
// same, and nothing is read without end.
#include <string>
#include <vector>

#include "daemon/system/unpacker.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::Unpacker;
using bouncesight::fuzz::Require;

namespace {

constexpr std::size_t kMost = 256 * 1024;  // of plain bytes: a bomb is cut here
constexpr int kMostMembers = 50;

struct Plain {
  std::string bytes;
  bool torn = false;
};

void ReadPart(Unpacker& unpacker, std::size_t step, Plain& plain) {
  std::vector<char> buffer(step);
  while (plain.bytes.size() < kMost) {
    const std::int64_t n = unpacker.Read(buffer);
    Require(n <= static_cast<std::int64_t>(step), "no more than fits in");
    plain.torn = plain.torn || n < 0;
    if (n > 0) plain.bytes.append(buffer.data(), static_cast<std::size_t>(n));
    if (n < static_cast<std::int64_t>(step)) return;
  }
}

Plain Unpack(std::string_view packed, Unpacker::Form form, std::size_t step) {
  Unpacker unpacker(
      [&packed](std::span<char> buffer) {
        const std::size_t n = std::min(buffer.size(), packed.size());
        packed.copy(buffer.data(), n);
        packed.remove_prefix(n);
        return static_cast<std::int64_t>(n);
      },
      form);
  Plain plain;
  if (!unpacker.Open()) {
    plain.torn = true;
  } else if (form == Unpacker::Form::kCompressed) {
    ReadPart(unpacker, step, plain);
  } else {
    for (int member = 0; member < kMostMembers && unpacker.NextMember(); ++member) {
      ReadPart(unpacker, step, plain);
      plain.bytes += '\n';
    }
  }
  plain.bytes.resize(std::min(plain.bytes.size(), kMost));
  return plain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view packed = bouncesight::fuzz::Text(data, size);
  for (const auto form : {Unpacker::Form::kCompressed, Unpacker::Form::kMembers}) {
    const Plain small = Unpack(packed, form, 61);
    const Plain large = Unpack(packed, form, 16 * 1024);
    if (small.torn || large.torn) continue;  // how much comes before a tear is the library's
    Require(small.bytes == large.bytes, "the same bytes");
  }
  return 0;
}
