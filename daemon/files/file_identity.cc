#include "daemon/files/file_identity.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <utility>

#include "daemon/system/log_reader.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

bool HashMatches(LogReader& reader, std::uint64_t offset, std::uint32_t length,
                 std::uint64_t hash) {
  std::array<char, FileIdentity::kHeadBytes> buffer;
  if (length > buffer.size()) return false;
  const std::int64_t n = reader.ReadAt(std::span(buffer).first(length), offset);
  return n == static_cast<std::int64_t>(length) &&
         StableHash(std::string_view(buffer.data(), length)) == hash;
}

// Of at most `length` bytes at `offset`; `length` becomes how many there are.
std::uint64_t HashAt(LogReader& reader, std::uint64_t offset, std::uint32_t& length) {
  std::array<char, FileIdentity::kHeadBytes> buffer;
  const std::int64_t n = reader.ReadAt(std::span(buffer).first(length), offset);
  length = static_cast<std::uint32_t>(std::max<std::int64_t>(n, 0));
  return StableHash({buffer.data(), length});
}

}  // namespace

FilePosition PositionAt(LogReader& reader, std::uint64_t offset) {
  FilePosition position;
  FileIdentity& id = position.identity;
  position.offset = offset;
  id.head_length = FileIdentity::kHeadBytes;
  id.head_hash = HashAt(reader, 0, id.head_length);
  id.tail_length =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(FileIdentity::kTailBytes, offset));
  id.tail_hash = HashAt(reader, offset - id.tail_length, id.tail_length);
  return position;
}

std::vector<FilePosition> FurthestFirst(std::vector<FilePosition> positions) {
  std::ranges::stable_sort(positions, std::ranges::greater(), &FilePosition::offset);
  return positions;
}

bool HasContentOf(const FilePosition& position, LogReader& reader) {
  const FileIdentity& id = position.identity;
  if (id.tail_length > position.offset) return false;
  return HashMatches(reader, 0, id.head_length, id.head_hash) &&
         HashMatches(reader, position.offset - id.tail_length, id.tail_length, id.tail_hash);
}

std::uint64_t CommonEnd(LogReader& a, LogReader& b, std::uint64_t from, std::uint64_t most) {
  constexpr std::size_t kBatch = 64 * 1024;
  std::vector<char> of_a(kBatch);
  std::vector<char> of_b(kBatch);
  while (from < most) {
    const std::size_t wanted = std::min<std::uint64_t>(kBatch, most - from);
    const std::int64_t n = a.ReadAt(std::span(of_a).first(wanted), from);
    const std::int64_t m = b.ReadAt(std::span(of_b).first(wanted), from);
    const auto both = std::max<std::int64_t>(std::min(n, m), 0);
    const auto differ = std::mismatch(of_a.begin(), of_a.begin() + both, of_b.begin()).first;
    from += static_cast<std::uint64_t>(differ - of_a.begin());
    if (differ - of_a.begin() < static_cast<std::ptrdiff_t>(wanted)) break;
  }
  return from;
}

}  // namespace bouncesight
