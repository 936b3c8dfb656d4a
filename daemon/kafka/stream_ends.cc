#include "daemon/kafka/stream_ends.h"

#include <algorithm>

#include "parsers/text/hash.h"

namespace bouncesight {

std::uint64_t StreamEnds::Take(std::string_view host, std::string_view stream,
                               const ByteRange& range) {
  Fnv1a key;
  key.Add(host);
  key.Add('\0');
  key.Add(stream.substr(0, stream.find('/')));
  Origin& origin = OriginOf(key.value());
  key.Add(stream.substr(std::min(stream.find('/'), stream.size())));
  Stream& known = StreamOf(origin, key.value());
  const std::uint64_t had = std::clamp(known.end, range.begin, range.end) - range.begin;
  known.end = std::max(known.end, range.end);
  origin.bytes += range.end - range.begin - had;
  known.heard = origin.bytes;
  origin.heard = ++clock_;
  return had;
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

StreamEnds::Stream& StreamEnds::StreamOf(Origin& origin, std::uint64_t key) {
  const auto found = std::ranges::find(origin.streams, key, &Stream::key);
  if (found != origin.streams.end()) return *found;
  std::erase_if(origin.streams,
                [&](const Stream& stream) { return origin.bytes - stream.heard > kForgetAfter; });
  if (origin.streams.size() == kMostStreams) {
    origin.streams.erase(std::ranges::min_element(origin.streams, {}, &Stream::heard));
  }
  origin.streams.push_back({key, 0, origin.bytes});
  return origin.streams.back();
}

std::size_t StreamEnds::size() const {
  std::size_t size = 0;
  for (const Origin& origin : origins_) size += origin.streams.size();
  return size;
}

void StreamEnds::Write(ByteWriter& out) const {
  out.Number(origins_.size());
  for (const Origin& origin : origins_) {
    out.Hash(origin.key);
    out.Number(origin.streams.size());
    for (const Stream& stream : origin.streams) {
      out.Hash(stream.key);
      out.Number(stream.end);
      out.Number(origin.bytes - stream.heard);
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
  if (in.ok()) origins_ = std::move(origins);
}

}  // namespace bouncesight
