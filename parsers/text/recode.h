// Text of a named character set to UTF-8, for mail: a MIME part says in which set it was written,
// or a guess does (charset_guess.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bouncesight {

// `bytes` as UTF-8; what is not text of `charset` becomes U+FFFD. Names are those of MIME, in
// either case. Sets that mailers understate are read as what is really sent: gb2312 as GB18030,
// iso-8859-1 as Windows-1252. nullopt: the C library knows no such set. Linear.
std::optional<std::string> Recode(std::string_view bytes, std::string_view charset);

}  // namespace bouncesight
