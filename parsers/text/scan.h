// More small steps over text, for the parsers whose lines are not as regular as Postfix' (text.h).
//
// All of them are linear in what they look at and read no byte past the view's end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "parsers/text/text.h"

namespace bouncesight {

// ASCII letters of either case are the same.
bool StartsWithNoCase(std::string_view text, std::string_view prefix);
bool SameNoCase(std::string_view a, std::string_view b);
bool ConsumeNoCase(std::string_view& text, std::string_view prefix);

// Where `needle`, which is not empty, stands in `text`; npos if it does not.
std::size_t FindNoCase(std::string_view text, std::string_view needle);

// Without the blanks, CR and LF at its start, at its end, at both.
std::string_view StripLeft(std::string_view text);
std::string_view StripRight(std::string_view text);
std::string_view Strip(std::string_view text);

// Takes everything before the first `end` off `text`, and `end` with it. Without an `end`: takes
// all.
std::string_view TakeBefore(std::string_view& text, std::string_view end);

// Takes the digits at the start of `text` off it; their value, at most `limit`. Without a digit: 0.
std::uint32_t TakeNumber(std::string_view& text, std::uint32_t limit = 0xFFFFFFFF);

// `text` starts with '<'. Where the matching '>' stands; one inside a quoted local part does not
// count. npos if there is none.
std::size_t ClosingAngle(std::string_view text);

// `text` starts with '"'. Where the matching quote stands; \" and \\ are escapes. npos if there is
// none.
std::size_t ClosingQuote(std::string_view text);

// No address is longer; what is looks for its end no further, so that a list is read in linear
// time.
inline constexpr std::size_t kLongestAddress = 1024;

// Takes the first of a list of addresses off it, with the comma or semicolon behind: "<a>,<b>",
// "a, b", "a;b". Brackets are taken off; what stands within them or within quotes does not part.
// Empty: nothing stands there.
std::string_view TakeListedAddress(std::string_view& list);

// How many `c` there are. From one to the next by memchr, which looks at 32 bytes a step: for what
// is rare, as the ends of lines are. std::count looks at one.
std::size_t CountOf(std::string_view text, char c);

// "1w2d3h4m5s", "0.023s": seconds. -1: it is not such a time.
double ParseDuration(std::string_view text);

// An IPv4 or IPv6 literal, judged by its bytes alone: good enough to tell an address from a name.
bool LooksLikeIp(std::string_view text);

}  // namespace bouncesight
