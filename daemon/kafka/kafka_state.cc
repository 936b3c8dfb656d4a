#include "daemon/kafka/kafka_state.h"

#include "metrics/byte_codec.h"

namespace bouncesight {
namespace {

constexpr std::string_view kVersion = "q";  // other than that of every other kind of source

}  // namespace

std::string EncodeKafkaState(const KafkaState& state) {
  ByteWriter out;
  out.Raw(kVersion);
  out.String(state.topic);
  out.Number(static_cast<std::uint64_t>(state.known_partitions));
  out.Number(state.places.size());
  for (const PartitionPlace& place : state.places) {
    out.Number(static_cast<std::uint64_t>(place.partition));
    out.Number(static_cast<std::uint64_t>(place.next + 1));
    out.Hash(place.mark);
  }
  out.Number(state.counts.lost_records);
  out.Number(state.counts.gaps);
  out.Number(state.repeated_bytes);
  state.streams.Write(out);
  return out.Take();
}

Result<KafkaState> DecodeKafkaState(std::string_view bytes) {
  constexpr std::uint64_t kMostOffset = INT64_MAX;
  ByteReader in(bytes);
  if (in.Raw(kVersion.size()) != kVersion) {
    return Error{"the place in the topic has another version"};
  }
  KafkaState state;
  state.topic = in.String();
  state.known_partitions = static_cast<std::int32_t>(in.Bounded(PartitionChoice::kMost));
  state.places.resize(in.Count());
  for (PartitionPlace& place : state.places) {
    place.partition = static_cast<std::int32_t>(in.Bounded(PartitionChoice::kMost));
    place.next = static_cast<std::int64_t>(in.Bounded(kMostOffset)) - 1;
    place.mark = in.Hash();
  }
  state.counts.lost_records = in.Number();
  state.counts.gaps = in.Number();
  state.repeated_bytes = in.Number();
  state.streams.Read(in);
  if (!in.ok() || !in.at_end()) return Error{"the place in the topic is torn"};
  return state;
}

}  // namespace bouncesight
