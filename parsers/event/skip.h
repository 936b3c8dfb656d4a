// Why a line is not an event. A closed set: each reason is a value of the label `result` of
// source_lines_total, so that lines read = lines counted + lines skipped, by reason. (A line
// may be several events.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bouncesight {

enum class SkipReason : std::uint8_t {
  kNotDelivery,    // a mail program's line that reports no delivery result
  kAttempt,        // one host of several failed; the result line follows (FORMATS.md)
  kProbe,          // address verification: no mail moved
  kForeign,        // well formed, but of no mail program
  kUnknownFormat,  // no header or format fits
  kMalformed,      // starts like a result and cannot be read to its end
  kEmpty,          // nothing, or blanks only
  kBinary,         // holds NUL bytes: a torn write or no log at all
  kPartial,        // a piece of a longer record: joined with the next one, or cut off for good
  kInternalHop,    // handed to a content filter on this host: what becomes of it follows
};
inline constexpr std::size_t kSkipReasonCount = 10;

// The label value: "not_delivery", "attempt", …
std::string_view SkipReasonName(SkipReason reason);

// Lines skipped, by reason.
using SkipCounts = std::array<std::uint64_t, kSkipReasonCount>;
// Those of a mail program's log: such a file is what it should be.
std::uint64_t UnderstoodSkips(const SkipCounts& counts);
// Those that nobody understands.
std::uint64_t StrangeSkips(const SkipCounts& counts);

struct MessageNote;  // message_note.h

struct Skip {
  SkipReason reason;
  // What the line tells of a message, if it does; the reader's, valid until its next line.
  const MessageNote* note = nullptr;
};

}  // namespace bouncesight
