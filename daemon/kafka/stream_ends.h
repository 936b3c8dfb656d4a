// How far logs were counted whose shippers say where their lines come from: of each stream
// (packed_record.h) the highest offset, and what is still missing before it. What such a shipper
// sends twice was counted, and is left out; what was missing is counted when it comes.
//
// Brokers that keep the order of an idempotent producer leave nothing missing. Others may take a
// later request while an earlier one is tried again, and a shipper of failures skips what it has
// looked at before a restart. Of a stream the last kMostMissing pieces are kept.
//
// A shipper repeats what it sent last. So a stream may be forgotten when kForgetAfter bytes of its
// origin (a source of a host) have come since it was heard; and no more are kept than kMostStreams
// of an origin and kMostOrigins, those that were heard last. The table is written with each commit,
// so it is small: some 20 bytes a stream.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/kafka/packed_record.h"
#include "metrics/byte_codec.h"

namespace bouncesight {

// One thread.
class StreamEnds {
 public:
  static constexpr std::uint64_t kForgetAfter = 256ULL << 20;  // bytes
  static constexpr std::size_t kMostStreams = 1024;
  static constexpr std::size_t kMostOrigins = 4096;
  static constexpr std::size_t kMostMissing = 8;

  // What of `range` was not counted before, in its order, until the next call; from now on all of
  // it is counted. `stream` as in its header; its origin ends at the first `/`. A stream that was
  // never heard of counts as counted up to `from`.
  const std::vector<ByteRange>& Take(std::string_view host, std::string_view stream,
                                     const ByteRange& range, std::uint64_t from = 0);

  std::size_t size() const;

  void Write(ByteWriter& out) const;
  // Leaves the table as it was where `in` fails.
  void Read(ByteReader& in);

 private:
  struct Stream {
    std::uint64_t key = 0, end = 0;
    std::uint64_t heard = 0;         // the origin's bytes then
    std::vector<ByteRange> missing;  // before `end`, in their order
  };
  struct Origin {
    std::uint64_t key = 0;
    std::uint64_t bytes = 0;  // that have come, all streams together
    std::uint64_t heard = 0;  // by clock_
    std::vector<Stream> streams;
  };

  Origin& OriginOf(std::uint64_t key);
  static Stream& StreamOf(Origin& origin, std::uint64_t key, std::uint64_t from);
  void TakeOf(Stream& stream, const ByteRange& range);
  static void ReadMissing(ByteReader& in, std::vector<Origin>& origins);

  std::vector<Origin> origins_;
  std::vector<ByteRange> fresh_, missing_;  // of the last Take; nothing is allocated for a record
  std::uint64_t clock_ = 0;                 // of records, since the start
};

}  // namespace bouncesight
