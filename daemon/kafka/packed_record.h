// How a shipper may pack lines so that what it sends twice is counted once. The payload is a piece
// of a log as it stands there, whole lines one behind the other, each with its newline; a consumer
// that knows nothing of this sees a record of several lines. Three headers say where the piece is
// from:
//
//   bouncesight-host     the host whose log it is
//   bouncesight-stream   SOURCE/LOG: a name for what is followed on that host, and one for the log
//                        that no other log of that source has
//   bouncesight-range    BEGIN-END: byte offsets in the log, END that after the last line. Where a
//                        shipper leaves lines out, BEGIN is the END of the record before, and the
//                        payload one line
//
// All records of a host and source must go to one partition, in their order, so a key is made of
// both. After a crash a shipper sends again what it does not know to be acknowledged, perhaps cut
// otherwise: what was counted of that log before is left out (stream_ends.h). The headers are
// of our own making; shipper.h sends them, and any other shipper may.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bouncesight {

inline constexpr const char* kHostHeader = "bouncesight-host";
inline constexpr const char* kStreamHeader = "bouncesight-stream";
inline constexpr const char* kRangeHeader = "bouncesight-range";

struct ByteRange {
  std::uint64_t begin = 0, end = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// "120-340". None: it is none, or ends before it begins.
std::optional<ByteRange> ParseRange(std::string_view text);
std::string RangeText(const ByteRange& range);

}  // namespace bouncesight
