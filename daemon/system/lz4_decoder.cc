// LZ4 frames, by their own library. It knows none of the old kind, which libarchive does.
#include <algorithm>
#include <cstddef>
#include <new>

#include <lz4frame.h>

#include "daemon/system/decoder.h"

namespace bouncesight {
namespace {

class Lz4Decoder final : public Decoder {
 public:
  Lz4Decoder() {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION))) {
      throw std::bad_alloc();
    }
  }
  ~Lz4Decoder() override { LZ4F_freeDecompressionContext(context_); }

  Step Decode(std::span<char>& packed, std::span<char>& plain) override {
    if (LZ4F_isError(wanted_)) return Step::kDamaged;
    // No more than the library asks for, which is to the end of a block: a call that fails forgets
    // the blocks that it has unpacked.
    std::size_t used = std::min(packed.size(), wanted_);
    std::size_t filled = plain.size();
    wanted_ = LZ4F_decompress(context_, plain.data(), &filled, packed.data(), &used, nullptr);
    if (LZ4F_isError(wanted_)) return Step::kDamaged;
    packed = packed.subspan(used);
    plain = plain.subspan(filled);
    return wanted_ == 0 ? Step::kEnded : Step::kGoesOn;
  }

  void Restart() override {
    LZ4F_resetDecompressionContext(context_);
    wanted_ = LZ4F_HEADER_SIZE_MIN;
  }

  std::string why() const override { return LZ4F_getErrorName(wanted_); }

 private:
  LZ4F_dctx* context_ = nullptr;
  std::size_t wanted_ = LZ4F_HEADER_SIZE_MIN;  // packed bytes to the end of the block, or an error
};

}  // namespace

std::unique_ptr<Decoder> MakeLz4Decoder() { return std::make_unique<Lz4Decoder>(); }

}  // namespace bouncesight
