#include "daemon/system/decoder.h"

#include <algorithm>
#include <array>

namespace bouncesight {
namespace {

struct Magic {
  std::string_view bytes;
  Packing packing;
};

// The magic numbers of RFC 1952, RFC 8878, the xz file format, lzip, bzip2 (a level stands behind
// it), compress(1) and LZ4 frames, as they are and as they were.
constexpr std::array kMagics = {Magic{"\x1f\x8b", Packing::kGzip},
                                Magic{"\x28\xb5\x2f\xfd", Packing::kZstd},
                                Magic{"\xfd\x37\x7a\x58\x5a", Packing::kXz},
                                Magic{"LZIP\x01", Packing::kLzip},
                                Magic{"BZh", Packing::kBzip2},
                                Magic{"\x1f\x9d", Packing::kRare},
                                Magic{"\x04\x22\x4d\x18", Packing::kLz4},
                                Magic{"\x02\x21\x4c\x18", Packing::kRare}};

// RFC 8878, 3.1.2: what others have put in front; pzstd puts one before each frame.
bool IsSkippableFrame(std::string_view head) {
  return head.size() >= 4 && (head[0] & '\xf0') == '\x50' && head.substr(1, 3) == "\x2a\x4d\x18";
}

// "BZh", a level, and the first bytes of a block or of the end, as far as there are any: a text may
// begin with BZh, too.
bool LooksLikeBzip2(std::string_view head) {
  if (head.size() < 4) return false;
  const std::string_view next = head.substr(4, 2);
  const auto begins = [next](std::string_view block) { return block.starts_with(next); };
  return head[3] >= '1' && head[3] <= '9' && (begins("\x31\x41") || begins("\x17\x72"));
}

}  // namespace

Packing PackingOf(std::string_view head) {
  if (IsSkippableFrame(head)) return Packing::kZstd;
  const auto magic = std::ranges::find_if(
      kMagics, [&](const Magic& each) { return head.starts_with(each.bytes); });
  if (magic == kMagics.end()) return Packing::kNone;
  if (magic->packing == Packing::kBzip2 && !LooksLikeBzip2(head)) return Packing::kNone;
  return magic->packing;
}

bool IsBegunMagic(std::string_view bytes) {
  return !bytes.empty() && bytes.size() < kMagicBytes &&
         std::ranges::any_of(kMagics, [&](const Magic& each) {
           return each.bytes.starts_with(bytes.substr(0, each.bytes.size()));
         });
}

std::unique_ptr<Decoder> MakeDecoder(Packing packing) {
  switch (packing) {
    case Packing::kGzip:
      return MakeGzipDecoder();
    case Packing::kXz:
      return MakeXzDecoder();
    case Packing::kLzip:
      return MakeLzipDecoder();
    case Packing::kZstd:
      return MakeZstdDecoder();
    case Packing::kBzip2:
      return MakeBzip2Decoder();
    case Packing::kLz4:
      return MakeLz4Decoder();
    case Packing::kNone:
    case Packing::kRare:
      break;
  }
  return nullptr;
}

bool DecodesByBlocks(Packing packing) {
  return packing == Packing::kZstd || packing == Packing::kBzip2 || packing == Packing::kLz4 ||
         packing == Packing::kRare;
}

std::string WindowText(std::uint64_t bytes) {
  return "asks for " + std::to_string(bytes >> 20U) + " MiB of memory to be unpacked; " +
         std::to_string(kMostWindow >> 20U) + " are allowed";
}

}  // namespace bouncesight
