// RFC 8878, by libzstd.
#include <algorithm>
#include <bit>
#include <new>

#include <zstd.h>
#include <zstd_errors.h>

#include "daemon/system/decoder.h"

namespace bouncesight {
namespace {

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() {
    if (!context_) throw std::bad_alloc();
    constexpr int kMostWindowLog = std::bit_width(kMostWindow) - 1;
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kMostWindowLog);
    ZstdDecoder::Restart();
  }

  Step Decode(std::span<char>& packed, std::span<char>& plain) override {
    if (full_) {  // what is left of the last block, before the next can fail
      const std::size_t room = plain.size();
      std::span<char> nothing;
      const Step step = DecodePart(nothing, plain);
      if (step != Step::kGoesOn || plain.size() < room) return step;
    }
    // No more than libzstd asks for, which is to the end of a block: a call that fails forgets the
    // blocks that it has unpacked.
    std::span<char> part = packed.first(std::min(packed.size(), wanted_));
    const std::size_t before = part.size();
    const Step step = DecodePart(part, plain);
    packed = packed.subspan(before - part.size());
    return step;
  }

  void Restart() override {
    full_ = false;
    wanted_ = ZSTD_initDStream(context_.get());
  }

  std::string why() const override {
    if (AsksForTooMuch()) {
      return "asks for more than " + std::to_string(kMostWindow >> 20U) +
             " MiB of memory to be unpacked";
    }
    return ZSTD_getErrorName(wanted_);
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  bool AsksForTooMuch() const {
    return ZSTD_getErrorCode(wanted_) == ZSTD_error_frameParameter_windowTooLarge;
  }

  Step DecodePart(std::span<char>& packed, std::span<char>& plain) {
    if (ZSTD_isError(wanted_) != 0) return Step::kDamaged;
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{plain.data(), plain.size(), 0};
    wanted_ = ZSTD_decompressStream(context_.get(), &out, &in);
    packed = packed.subspan(in.pos);
    plain = plain.subspan(out.pos);
    full_ = plain.empty();
    if (AsksForTooMuch()) return Step::kRefused;
    if (ZSTD_isError(wanted_) != 0) return Step::kDamaged;
    return wanted_ == 0 ? Step::kEnded : Step::kGoesOn;
  }

  std::unique_ptr<ZSTD_DCtx, Free> context_{ZSTD_createDCtx()};
  std::size_t wanted_ = 0;  // packed bytes to the end of the block, or an error
  bool full_ = false;       // more plain bytes may wait in it
};

}  // namespace

std::unique_ptr<Decoder> MakeZstdDecoder() { return std::make_unique<ZstdDecoder>(); }

}  // namespace bouncesight
