#include "daemon/kafka/stream_ends.h"

#include <algorithm>

#include "parsers/text/hash.h"

namespace bouncesight {

const std::vector<ByteRange>& StreamEnds::Take(std::string_view host, std::string_view stream,
                                               const ByteRange& range, std::uint64_t from) {
  Fnv1a key;
  key.Add(host);
  key.Add('\0');
  key.Add(stream.substr(0, stream.find('/')));
  Origin& origin = OriginOf(key.value());
  key.Add(stream.substr(std::min(stream.find('/'), stream.size())));
  Stream& known = StreamOf(origin, key.value(), from);
  TakeOf(known, range);
  for (const ByteRange& piece : fresh_) origin.bytes += piece.end - piece.begin;
  known.heard = origin.bytes;
  origin.heard = ++clock_;
  return fresh_;
}

void StreamEnds::TakeOf(Stream& stream, const ByteRange& range) {
  fresh_.clear();
  missing_.clear();
  if (range.begin == range.end) return;  // no end of anything, and nothing is cut in two there
  const auto add = [](std::vector<ByteRange>& to, std::uint64_t begin, std::uint64_t end) {
    if (begin < end) to.push_back({begin, end});
  };
  for (const ByteRange& piece : stream.missing) {
    add(missing_, piece.begin, std::min(piece.end, range.begin));
    add(fresh_, std::max(piece.begin, range.begin), std::min(piece.end, range.end));
    add(missing_, std::max(piece.begin, range.end), piece.end);
  }
  add(fresh_, std::max(stream.end, range.begin), range.end);
  add(missing_, stream.end, range.begin);
  if (missing_.size() > kMostMissing) {
    missing_.erase(missing_.begin(), missing_.end() - std::ptrdiff_t{kMostMissing});
  }
  stream.missing.swap(missing_);
  stream.end = std::max(stream.end, range.end);
}

StreamEnds::Origin& StreamEnds::OriginOf(std::uint64_t key) {
  const auto found = std::ranges::find(origins_, key, &Origin::key);
  if (found != origins_.end()) return *found;
  if (origins_.size() == kMostOrigins) {
    origins_.erase(std::ranges::min_element(origins_, {}, &Origin::heard));
  }
  origins_.push_back({});
  origins_.back().key = key;
  return origins_.back();
}

StreamEnds::Stream& StreamEnds::StreamOf(Origin& origin, std::uint64_t key, std::uint64_t from) {
  const auto found = std::ranges::find(origin.streams, key, &Stream::key);
  if (found != origin.streams.end()) return *found;
  std::erase_if(origin.streams,
                [&](const Stream& stream) { return origin.bytes - stream.heard > kForgetAfter; });
  if (origin.streams.size() == kMostStreams) {
    origin.streams.erase(std::ranges::min_element(origin.streams, {}, &Stream::heard));
  }
  origin.streams.push_back({key, from, origin.bytes, {}});
  return origin.streams.back();
}

std::size_t StreamEnds::size() const {
  std::size_t size = 0;
  for (const Origin& origin : origins_) size += origin.streams.size();
  return size;
}

// What is missing stands behind all streams, and only where something is: earlier versions knew
// nothing of it.
void StreamEnds::Write(ByteWriter& out) const {
  out.Number(origins_.size());
  std::vector<std::pair<std::size_t, const Stream*>> torn;
  std::size_t number = 0;
  for (const Origin& origin : origins_) {
    out.Hash(origin.key);
    out.Number(origin.streams.size());
    for (const Stream& stream : origin.streams) {
      out.Hash(stream.key);
      out.Number(stream.end);
      out.Number(origin.bytes - stream.heard);
      if (!stream.missing.empty()) torn.emplace_back(number, &stream);
      ++number;
    }
  }
  if (torn.empty()) return;
  out.Number(torn.size());
  for (const auto& [index, stream] : torn) {
    out.Number(index);
    out.Number(stream->missing.size());
    for (const ByteRange& piece : stream->missing) {
      out.Number(piece.begin);
      out.Number(piece.end - piece.begin);
    }
  }
}

void StreamEnds::Read(ByteReader& in) {
  std::vector<Origin> origins(in.Count());
  for (Origin& origin : origins) {
    origin.key = in.Hash();
    origin.streams.resize(in.Count());
    for (Stream& stream : origin.streams) {
      stream.key = in.Hash();
      stream.end = in.Number();
      stream.heard = in.Number();  // the age, until all are known
      origin.bytes = std::max(origin.bytes, stream.heard);
    }
    for (Stream& stream : origin.streams) stream.heard = origin.bytes - stream.heard;
  }
  if (!in.at_end()) ReadMissing(in, origins);
  if (in.ok()) origins_ = std::move(origins);
}

void StreamEnds::ReadMissing(ByteReader& in, std::vector<Origin>& origins) {
  std::vector<Stream*> streams;
  for (Origin& origin : origins) {
    for (Stream& stream : origin.streams) streams.push_back(&stream);
  }
  for (std::size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const std::uint64_t index = in.Number();
    if (index >= streams.size()) return in.Fail();
    Stream& stream = *streams[index];
    stream.missing.resize(in.Bounded(kMostMissing));
    std::uint64_t after = 0;
    for (ByteRange& piece : stream.missing) {
      piece.begin = in.Bounded(stream.end);
      piece.end = piece.begin + in.Bounded(stream.end - piece.begin);
      if (piece.begin < after || piece.begin == piece.end) in.Fail();
      after = piece.end;
    }
  }
}

}  // namespace bouncesight
