#include "rules/listed_address.h"

namespace bouncesight {

std::string_view FindListedAddress(std::string_view, std::string_view) { return {}; }

std::string_view FindListZone(std::string_view) { return {}; }

}  // namespace bouncesight
