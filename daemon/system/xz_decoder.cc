// https://tukaani.org/xz/xz-file-format.txt and
// https://www.nongnu.org/lzip/manual/lzip_manual.html, by liblzma.
#include <lzma.h>

#include "daemon/system/decoder.h"

namespace bouncesight {
namespace {

using Start = lzma_ret (*)(lzma_stream*, std::uint64_t memory, std::uint32_t flags);

class LzmaDecoder final : public Decoder {
 public:
  explicit LzmaDecoder(Start start) : start_(start) { LzmaDecoder::Restart(); }
  ~LzmaDecoder() override { lzma_end(&stream_); }

  Step Decode(std::span<char>& packed, std::span<char>& plain) override {
    if (last_ != LZMA_OK) return Step::kDamaged;
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
    stream_.avail_in = packed.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(plain.data());
    stream_.avail_out = plain.size();
    const lzma_ret done = lzma_code(&stream_, LZMA_RUN);
    packed = packed.last(stream_.avail_in);
    plain = plain.last(stream_.avail_out);
    if (done == LZMA_OK || done == LZMA_BUF_ERROR) return Step::kGoesOn;
    last_ = done;
    if (done == LZMA_MEMLIMIT_ERROR) return Step::kRefused;
    return done == LZMA_STREAM_END ? Step::kEnded : Step::kDamaged;
  }

  // The limit counts anew for each stream, and for each block in it.
  void Restart() override { last_ = start_(&stream_, kMostWindow + kOfItsOwn, 0); }

  std::string why() const override {
    switch (last_) {
      case LZMA_MEMLIMIT_ERROR:
        return WindowText(lzma_memusage(&stream_));
      case LZMA_MEM_ERROR:
        return "no memory for liblzma";
      case LZMA_OPTIONS_ERROR:
        return "packed in a way that liblzma does not know";
      default:
        return "damaged";
    }
  }

 private:
  // What liblzma holds besides the window.
  static constexpr std::uint64_t kOfItsOwn = std::uint64_t{1} << 20U;

  Start start_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret last_ = LZMA_OK;
};

}  // namespace

std::unique_ptr<Decoder> MakeXzDecoder() {
  return std::make_unique<LzmaDecoder>(&lzma_stream_decoder);
}
std::unique_ptr<Decoder> MakeLzipDecoder() {
  return std::make_unique<LzmaDecoder>(&lzma_lzip_decoder);
}

}  // namespace bouncesight
