// The packings of which no byte is lost that can be had: gzip, xz and lzip, zstd, bzip2, lz4, each
// by its own library in a file of its own (gzip_decoder.cc, …). packed_stream.h reads a whole file
// by them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bouncesight {

enum class Packing : std::uint8_t {
  kNone,
  kGzip,
  kXz,
  kLzip,
  kZstd,
  kBzip2,
  kLz4,
  kRare,  // compress, and lz4 as it was: left to libarchive (unpacker.h)
};

inline constexpr std::size_t kMagicBytes = 6;
// What a file that begins with `head`, at least kMagicBytes if it has so many, is packed by.
Packing PackingOf(std::string_view head);
// Fewer bytes than a packed stream begins with, and all of them as such a one has them.
bool IsBegunMagic(std::string_view bytes);

// A stream whose window is larger than this is refused: no more of its plain bytes is held.
inline constexpr std::uint64_t kMostWindow = std::uint64_t{128} << 20U;

// One packed stream, or several of its kind, one after the other. Not thread-safe.
class Decoder {
 public:
  enum class Step : std::uint8_t {
    kGoesOn,   // wants more packed bytes or more room
    kEnded,    // behind the last byte of the stream; call Restart before what follows
    kDamaged,  // for good: why() says what of
    kRefused,  // for good: it asks for a window above kMostWindow
  };

  virtual ~Decoder() = default;
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Unpacks until either has no more: takes what it used off the front of `packed`, and what it
  // filled off the front of `plain`, in each case of a Step. `packed` may be empty: what is held
  // back for want of room comes nevertheless.
  virtual Step Decode(std::span<char>& packed, std::span<char>& plain) = 0;
  virtual void Restart() = 0;
  virtual std::string why() const = 0;
};

// Null for kNone and kRare.
std::unique_ptr<Decoder> MakeDecoder(Packing packing);

std::unique_ptr<Decoder> MakeGzipDecoder();
std::unique_ptr<Decoder> MakeXzDecoder();
std::unique_ptr<Decoder> MakeLzipDecoder();
std::unique_ptr<Decoder> MakeZstdDecoder();
std::unique_ptr<Decoder> MakeBzip2Decoder();
std::unique_ptr<Decoder> MakeLz4Decoder();

// Are plain bytes given by whole blocks, of which a torn one gives nothing? Up to 128 KiB of zstd,
// 900 KB of bzip2, 4 MiB of lz4.
bool DecodesByBlocks(Packing packing);

// "asks for 1024 MiB of memory to be unpacked; 128 are allowed"
std::string WindowText(std::uint64_t bytes);

}  // namespace bouncesight
