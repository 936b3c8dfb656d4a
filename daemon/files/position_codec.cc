#include "daemon/files/position_codec.h"

#include <set>
#include <string_view>

#include "metrics/byte_codec.h"

namespace bouncesight {
namespace {

// Later versions know more; every one since the first is read.
constexpr char kWithoutSizes = 2;
constexpr char kWithSizes = 3;
constexpr char kVersion = 4;  // with true paths, with which file the path named, with gaps

void PutPosition(ByteWriter& out, const FilePosition& position) {
  out.String(position.path);
  const FileIdentity& id = position.identity;
  for (const std::uint64_t number :
       {id.file.device, id.file.inode, std::uint64_t{id.head_length}, id.head_hash,
        std::uint64_t{id.tail_length}, id.tail_hash, position.offset,
        static_cast<std::uint64_t>(position.modified_ns), position.size,
        std::uint64_t{position.finished}, std::uint64_t{position.current}}) {
    out.Number(number);
  }
  out.String(position.true_path);
}

FilePosition TakePosition(ByteReader& in, char version) {
  FilePosition position;
  position.path = in.String();
  FileIdentity& id = position.identity;
  id.file.device = in.Number();
  id.file.inode = in.Number();
  id.head_length = static_cast<std::uint32_t>(in.Bounded(FileIdentity::kHeadBytes));
  id.head_hash = in.Number();
  id.tail_length = static_cast<std::uint32_t>(in.Bounded(FileIdentity::kTailBytes));
  id.tail_hash = in.Number();
  position.offset = in.Number();
  position.modified_ns = static_cast<std::int64_t>(in.Number());
  position.size = version >= kWithSizes ? in.Number() : position.offset;
  position.finished = in.Bounded(1) != 0;
  if (version < kVersion) return position;
  position.current = in.Bounded(1) != 0;
  position.true_path = in.String();
  return position;
}

// Older versions do not say which file the path named: the last one of each path was it.
void GuessCurrent(std::vector<FilePosition>& positions) {
  std::set<std::string_view> seen;
  for (auto it = positions.rbegin(); it != positions.rend(); ++it) {
    if (!it->finished) it->current = seen.insert(it->path).second;
  }
}

}  // namespace

std::string EncodeFileState(const FileSourceState& state) {
  ByteWriter out;
  out.Raw(std::string_view(&kVersion, 1));
  out.Number(state.patterns.size());
  for (const auto& pattern : state.patterns) out.String(pattern);
  out.Number(state.positions.size());
  for (const auto& position : state.positions) PutPosition(out, position);
  out.Number(state.counts.rotations);
  out.Number(state.counts.truncations);
  out.Number(state.counts.abandoned);
  out.Number(state.counts.lost_bytes);
  out.Number(state.counts.gaps);
  return out.Take();
}

Result<FileSourceState> DecodeFileState(std::string_view bytes) {
  const char version = bytes.empty() ? '\0' : bytes.front();
  if (version < kWithoutSizes || version > kVersion) {
    return Error{"the positions of a file source have another version"};
  }
  ByteReader in(bytes.substr(1));
  FileSourceState state;
  for (std::size_t n = in.Count(); n > 0 && in.ok(); --n) state.patterns.emplace_back(in.String());
  for (std::size_t n = in.Count(); n > 0 && in.ok(); --n) {
    state.positions.push_back(TakePosition(in, version));
  }
  state.counts.rotations = in.Number();
  state.counts.truncations = in.Number();
  state.counts.abandoned = in.Number();
  if (version >= kWithSizes) state.counts.lost_bytes = in.Number();
  if (version >= kVersion) state.counts.gaps = in.Number();
  if (!in.ok() || !in.at_end()) return Error{"the positions of a file source are torn"};
  if (version < kVersion) GuessCurrent(state.positions);
  return state;
}

}  // namespace bouncesight
