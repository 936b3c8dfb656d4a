// A packed file as its plain bytes, whatever it is packed by (decoder.h): all that can be had.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/system/decoder.h"
#include "daemon/system/unpacker.h"

namespace bouncesight {

// Several streams, one behind the other, with NULs between them or without, are read as one. What
// follows the last and holds no line is padding. Forward only; not thread-safe. Holds no more of
// the plain bytes than a stream's window (kMostWindow).
class PackedStream {
 public:
  using Pull = Unpacker::Pull;

  explicit PackedStream(Pull pull);

  // Fills `buffer`; fewer bytes than fit in mean the end, or that a further call gives what is
  // wrong. Negative, and again with each further call: the stream is torn here. What its decoder
  // can make of the part before has been given.
  std::int64_t Read(std::span<char> buffer);

  // Stands before lines that are not packed: a log that was packed in place while its writer went
  // on. Read gives 0 here, and they as they are once they were asked for.
  bool at_plain_rest() const { return place_ == Place::kAtRest; }
  void ReadPlainRest();

  // Why the stream is torn.
  const std::string& why() const { return why_; }
  // Not torn: the window that the stream asks for is too large.
  bool refused() const { return refused_; }
  // Torn inside a block of the compression, which is lost whole.
  bool loses_block() const { return !refused_ && DecodesByBlocks(packing_); }

 private:
  enum class Place : std::uint8_t { kBetween, kInside, kAtRest, kInRest, kEnd, kTorn };

  std::span<char> Packed() { return std::span(buffer_).subspan(begin_, end_ - begin_); }
  std::int64_t PullMore();
  void Step(std::span<char>& room);
  void PassNuls();
  void Begin();
  void Behind();
  void Decode(std::span<char>& room);
  void ReadRare(std::span<char>& room);
  void CopyRest(std::span<char>& room);
  void Tear(std::string why);

  Pull pull_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what is pulled and not used yet
  std::size_t end_ = 0;
  Place place_ = Place::kBetween;
  Packing packing_ = Packing::kNone;  // of the last stream
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<Unpacker> rare_;
  bool refused_ = false;
  std::string why_;
};

}  // namespace bouncesight
