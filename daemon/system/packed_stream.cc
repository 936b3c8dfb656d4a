#include "daemon/system/packed_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace bouncesight {
namespace {

constexpr std::size_t kPulledBytes = std::size_t{64} * 1024;

// What `from` and `to` both have room for; returns how much.
std::size_t CopyFront(std::span<char> from, std::span<char> to) {
  const std::size_t size = std::min(from.size(), to.size());
  std::copy_n(from.begin(), size, to.begin());
  return size;
}

}  // namespace

PackedStream::PackedStream(Pull pull) : pull_(std::move(pull)), buffer_(kPulledBytes) {}

std::int64_t PackedStream::Read(std::span<char> buffer) {
  std::span<char> room = buffer;
  while (!room.empty() && place_ <= Place::kInside) Step(room);
  if (place_ == Place::kInRest) CopyRest(room);
  const std::size_t done = buffer.size() - room.size();
  return done == 0 && place_ == Place::kTorn ? -1 : static_cast<std::int64_t>(done);
}

void PackedStream::Step(std::span<char>& room) {
  if (place_ == Place::kBetween) return Begin();
  return rare_ ? ReadRare(room) : Decode(room);
}

// The number of bytes that came: 0 at the end, when there is no room, and on an error, which tears.
std::int64_t PackedStream::PullMore() {
  const std::span<char> left = Packed();
  std::memmove(buffer_.data(), left.data(), left.size());
  begin_ = 0;
  end_ = left.size();
  if (end_ == buffer_.size()) return 0;
  const std::int64_t got = pull_(std::span(buffer_).subspan(end_));
  if (got < 0) Tear("cannot be read");
  end_ += static_cast<std::size_t>(std::max<std::int64_t>(got, 0));
  return std::max<std::int64_t>(got, 0);
}

void PackedStream::PassNuls() {
  do {
    while (begin_ < end_ && buffer_[begin_] == '\0') ++begin_;
  } while (begin_ == end_ && PullMore() > 0);
}

void PackedStream::Begin() {
  const bool first = packing_ == Packing::kNone;
  if (!first) PassNuls();
  while (end_ - begin_ < kMagicBytes && PullMore() > 0) {
  }
  if (place_ == Place::kTorn) return;
  const Packing next = PackingOf({Packed().data(), Packed().size()});
  if (next == Packing::kNone) return first ? ReadPlainRest() : Behind();
  if (next == Packing::kRare) {
    rare_ = std::make_unique<Unpacker>([this](std::span<char> room) {
      if (begin_ == end_) return pull_(room);
      const std::size_t size = CopyFront(Packed(), room);
      begin_ += size;
      return static_cast<std::int64_t>(size);
    });
    if (!rare_->Open()) Tear(rare_->why());
  } else if (next == packing_) {
    decoder_->Restart();
  } else {
    decoder_ = MakeDecoder(next);
  }
  packing_ = next;
  if (place_ != Place::kTorn) place_ = Place::kInside;
}

// Behind the last stream.
void PackedStream::Behind() {
  const auto has_line = [this] { return std::ranges::find(Packed(), '\n') != Packed().end(); };
  while (!has_line() && PullMore() > 0) {
  }
  if (place_ == Place::kTorn) return;
  if (!has_line() && IsBegunMagic({Packed().data(), Packed().size()})) return Tear("cut short");
  place_ = has_line() ? Place::kAtRest : Place::kEnd;
}

void PackedStream::Decode(std::span<char>& room) {
  std::span<char> packed = Packed();
  const std::size_t before = packed.size() + room.size();
  const Decoder::Step step = decoder_->Decode(packed, room);
  begin_ = end_ - packed.size();
  refused_ = step == Decoder::Step::kRefused;
  if (refused_ || step == Decoder::Step::kDamaged) return Tear(decoder_->why());
  if (step == Decoder::Step::kEnded) {
    place_ = Place::kBetween;
  } else if (packed.size() + room.size() == before) {  // no headway: it needs more
    if (!packed.empty()) return Tear("damaged");
    if (PullMore() == 0 && place_ != Place::kTorn) Tear("cut short");
  }
}

void PackedStream::ReadRare(std::span<char>& room) {
  const std::int64_t got = rare_->Read(room);
  if (got < 0) return Tear(rare_->why());
  room = room.subspan(static_cast<std::size_t>(got));
  if (got == 0) place_ = Place::kEnd;
}

void PackedStream::ReadPlainRest() { place_ = Place::kInRest; }

void PackedStream::CopyRest(std::span<char>& room) {
  while (!room.empty() && (begin_ < end_ || PullMore() > 0)) {
    const std::size_t size = CopyFront(Packed(), room);
    begin_ += size;
    room = room.subspan(size);
  }
}

void PackedStream::Tear(std::string why) {
  place_ = Place::kTorn;
  why_ = std::move(why);
}

}  // namespace bouncesight
