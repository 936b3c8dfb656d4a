#include "daemon/position_codec.h"

#include <cstdint>

namespace bouncesight {
namespace {

constexpr char kVersion = 1;

void PutNumber(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}

void PutText(std::string& out, std::string_view text) {
  PutNumber(out, text.size());
  out += text;
}

// Takes values off the front; `failed` once something is missing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t Number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return number;
    }
    failed_ = true;
    return 0;
  }

  std::string Text() {
    const std::uint64_t size = Number();
    if (size > bytes_.size()) {
      failed_ = true;
      return {};
    }
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }

  // A count of items, each of at least one byte.
  std::uint64_t Count() {
    const std::uint64_t count = Number();
    if (count > bytes_.size()) failed_ = true;
    return failed_ ? 0 : count;
  }

  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

void PutPosition(std::string& out, const FilePosition& position) {
  PutText(out, position.path);
  const FileIdentity& id = position.identity;
  for (const std::uint64_t number :
       {id.device, id.inode, std::uint64_t{id.head_length}, id.head_hash,
        std::uint64_t{id.tail_length}, id.tail_hash, position.offset,
        static_cast<std::uint64_t>(position.modified_ns), std::uint64_t{position.finished}}) {
    PutNumber(out, number);
  }
}

FilePosition TakePosition(Reader& reader) {
  FilePosition position;
  position.path = reader.Text();
  FileIdentity& id = position.identity;
  id.device = reader.Number();
  id.inode = reader.Number();
  id.head_length = static_cast<std::uint32_t>(reader.Number());
  id.head_hash = reader.Number();
  id.tail_length = static_cast<std::uint32_t>(reader.Number());
  id.tail_hash = reader.Number();
  position.offset = reader.Number();
  position.modified_ns = static_cast<std::int64_t>(reader.Number());
  position.finished = reader.Number() != 0;
  return position;
}

}  // namespace

std::string EncodeFileState(const FileSourceState& state) {
  std::string out(1, kVersion);
  PutNumber(out, state.patterns.size());
  for (const auto& pattern : state.patterns) PutText(out, pattern);
  PutNumber(out, state.positions.size());
  for (const auto& position : state.positions) PutPosition(out, position);
  return out;
}

Result<FileSourceState> DecodeFileState(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion) {
    return Error{"the positions of a file source have another version"};
  }
  Reader reader(bytes.substr(1));
  FileSourceState state;
  for (std::uint64_t n = reader.Count(); n > 0; --n) state.patterns.push_back(reader.Text());
  for (std::uint64_t n = reader.Count(); n > 0; --n)
    state.positions.push_back(TakePosition(reader));
  if (reader.failed() || !reader.at_end()) return Error{"the positions of a file source are torn"};
  return state;
}

}  // namespace bouncesight
