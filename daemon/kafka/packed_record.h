// How our shipper packs lines: the payload is a piece of a log as it stands there, whole lines one
// behind the other, each with its newline. So anybody can read it, and a consumer that knows
// nothing of us sees a record of several lines. Three headers say where the piece comes from:
//
//   bouncesight-host     the host whose log it is
//   bouncesight-stream   SOURCE/HASH/TIMES: the source's name on that host, the hash of the log's
//   first
//                        line, and how many logs before it began with the same line
//   bouncesight-range    BEGIN-END: byte offsets in the log, END that after the last line
//
// The key is HOST/SOURCE, so that all logs of a source go to one partition, in their order.
//
// After a crash a shipper sends again what it does not know to be acknowledged, perhaps cut
// otherwise: its consumer leaves out what lies before the END that it has (stream_ends.h).
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
