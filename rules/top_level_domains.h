// Which last labels make a dotted word a host name: every country code, the generic domains that
// mail comes from (IANA root zone database), and the names that private networks use. Left out are
// those that are file name endings first of all (zip, mov).
#pragma once

#include <string_view>

namespace bouncesight {

// Any case; no dot.
bool IsTopLevelDomain(std::string_view label);

}  // namespace bouncesight
