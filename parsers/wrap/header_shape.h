// Syslog headers of the shape of one that was read before. The lines of a log differ in the digits
// of their time stamps and in their tags, so most headers need not be read but only be known again,
// sixteen bytes at a time: some 70 instructions a line instead of 310, a tenth of all that a mixed
// log took.
//
// Exact: a header that is known again gives the record that ParseSyslogHeader gives. Every other
// one is left to that.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "parsers/event/record.h"

namespace bouncesight {

// One for each stream of lines; not thread-safe. Does not allocate.
class HeaderShape {
 public:
  // `record` is what ParseSyslogHeader gave of `line`. Takes the place of the shape before, unless
  // the header is not a plain one: "STAMP HOST PROGRAM[PID]: MESSAGE" with a stamp of timestamp.h's
  // PlainTimestampLength.
  void Learn(std::string_view line, const Record& record);

  // Reads a line of that shape. False, and the record untouched: ask ParseSyslogHeader. The views
  // are into `line`.
  bool Read(std::string_view line, Record& record) const;

  // A guess, for a few instructions: what stands between the header and the first colon behind it,
  // if `text` begins with a line of that shape, which is not looked at. Empty: no colon is near.
  std::string_view GuessFirstWord(std::string_view text) const;

 private:
  static constexpr std::size_t kMostBytes = 64;

  std::array<char, kMostBytes> shape_{};  // stamp, host and their blanks; each digit as '0'
  std::size_t size_ = 0;                  // of it; 0: nothing was learnt
  std::size_t stamp_ = 0;                 // the length of the time stamp
};

}  // namespace bouncesight
