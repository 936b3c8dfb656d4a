// The name of this host, as the system has it.
#pragma once

#include <string>

namespace bouncesight {

// "localhost" where the system has none.
std::string HostName();

}  // namespace bouncesight
