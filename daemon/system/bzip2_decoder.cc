// bzip2, by its own library.
#include <bzlib.h>

#include "daemon/system/decoder.h"

namespace bouncesight {
namespace {

class Bzip2Decoder final : public Decoder {
 public:
  Bzip2Decoder() { Bzip2Decoder::Restart(); }
  ~Bzip2Decoder() override { BZ2_bzDecompressEnd(&stream_); }

  Step Decode(std::span<char>& packed, std::span<char>& plain) override {
    if (last_ != BZ_OK) return Step::kDamaged;
    stream_.next_in = packed.data();
    stream_.avail_in = static_cast<unsigned>(packed.size());
    stream_.next_out = plain.data();
    stream_.avail_out = static_cast<unsigned>(plain.size());
    last_ = BZ2_bzDecompress(&stream_);
    packed = packed.last(stream_.avail_in);
    plain = plain.last(stream_.avail_out);
    if (last_ == BZ_OK) return Step::kGoesOn;
    return last_ == BZ_STREAM_END ? Step::kEnded : Step::kDamaged;
  }

  void Restart() override {
    BZ2_bzDecompressEnd(&stream_);  // harmless where nothing was begun
    stream_ = {};
    last_ = BZ2_bzDecompressInit(&stream_, 0, 0);
  }

  std::string why() const override {
    return last_ == BZ_MEM_ERROR ? "no memory for libbz2" : "damaged";
  }

 private:
  bz_stream stream_{};
  int last_ = BZ_OK;
};

}  // namespace

std::unique_ptr<Decoder> MakeBzip2Decoder() { return std::make_unique<Bzip2Decoder>(); }

}  // namespace bouncesight
