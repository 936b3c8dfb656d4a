// What a reload cannot put in force.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace bouncesight {

// The keys outside `sources` and `rules` that differ: they are in force after a restart.
std::vector<std::string> KeysForRestart(const Config& running, const Config& next);

}  // namespace bouncesight
