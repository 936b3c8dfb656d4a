// RFC 1952, by zlib.
#include <zlib.h>

#include "daemon/system/decoder.h"

namespace bouncesight {
namespace {

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() {
    constexpr int kGzipOnly = 15 + 16;
    ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  Step Decode(std::span<char>& packed, std::span<char>& plain) override {
    if (!ready_) return Step::kDamaged;
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    stream_.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream_.avail_out = static_cast<uInt>(plain.size());
    const int done = inflate(&stream_, Z_NO_FLUSH);
    packed = packed.last(stream_.avail_in);
    plain = plain.last(stream_.avail_out);
    if (done == Z_STREAM_END) return Step::kEnded;
    return done == Z_OK || done == Z_BUF_ERROR ? Step::kGoesOn : Step::kDamaged;
  }

  void Restart() override { inflateReset(&stream_); }

  std::string why() const override {
    if (!ready_) return "no memory for zlib";
    return stream_.msg != nullptr ? stream_.msg : "damaged";
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<Decoder> MakeGzipDecoder() { return std::make_unique<GzipDecoder>(); }

}  // namespace bouncesight
