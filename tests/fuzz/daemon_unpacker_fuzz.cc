// Packed logs and archives of any bytes: read by two sizes of a buffer, and pulled in pieces of two
// sizes, the plain bytes are the same, and nothing is read without end.
#include <algorithm>
#include <string>
#include <vector>

#include "daemon/system/packed_stream.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::PackedStream;
using bouncesight::Unpacker;
using bouncesight::fuzz::Require;

namespace {

constexpr std::size_t kMost = 256 * 1024;  // of plain bytes: a bomb is cut here
constexpr int kMostMembers = 50;

struct Plain {
  std::string bytes;
  bool torn = false;
};

Unpacker::Pull PullFrom(std::string_view packed, std::size_t step) {
  return [packed, step](std::span<char> buffer) mutable {
    const std::size_t n = std::min({buffer.size(), packed.size(), step});
    packed.copy(buffer.data(), n);
    packed.remove_prefix(n);
    return static_cast<std::int64_t>(n);
  };
}

// Gives false where it ends.
template <typename From>
bool ReadPart(From& from, std::span<char> buffer, Plain& plain) {
  const std::int64_t n = from.Read(buffer);
  Require(n <= static_cast<std::int64_t>(buffer.size()), "no more than fits in");
  plain.torn = n < 0;
  if (n > 0) plain.bytes.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0 && plain.bytes.size() < kMost;
}

Plain ReadStream(std::string_view packed, std::size_t step) {
  std::vector<char> buffer(step);
  PackedStream stream(PullFrom(packed, step));
  Plain plain;
  while (ReadPart(stream, buffer, plain)) {
  }
  if (stream.at_plain_rest()) {
    stream.ReadPlainRest();
    Require(ReadPart(stream, buffer, plain), "a rest holds a line");
    while (ReadPart(stream, buffer, plain)) {
    }
  }
  return plain;
}

Plain ReadMembers(std::string_view packed, std::size_t step) {
  std::vector<char> buffer(step);
  Unpacker unpacker(PullFrom(packed, packed.size()), Unpacker::Form::kMembers);
  Plain plain;
  bool torn = !unpacker.Open();
  for (int member = 0; !torn && member < kMostMembers && unpacker.NextMember(); ++member) {
    while (ReadPart(unpacker, buffer, plain)) {
    }
    torn = plain.torn;
    plain.bytes += '\n';
  }
  plain.torn = torn;
  return plain;
}

// How much comes before a tear is the decoder's: it may see what is wrong some bytes sooner or
// later.
void RequireSame(const Plain& small, const Plain& large) {
  const std::string_view a = std::string_view(small.bytes).substr(0, kMost);
  const std::string_view b = std::string_view(large.bytes).substr(0, kMost);
  const bool torn = small.torn || large.torn;
  Require(torn ? a.starts_with(b) || b.starts_with(a) : a == b, "the same bytes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view packed = bouncesight::fuzz::Text(data, size);
  const Plain small = ReadStream(packed, 61), large = ReadStream(packed, 16 * 1024);
  RequireSame(small, large);
  const Plain few = ReadMembers(packed, 61), many = ReadMembers(packed, 16 * 1024);
  if (!few.torn && !many.torn) RequireSame(few, many);
  return 0;
}
