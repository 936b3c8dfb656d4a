// What a reload cannot put in force.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace bouncesight {

// The keys that differ and are in force only after a restart: all but those of `sources` and
// `rules` and `internal_relays`, which belongs to the sources.
std::vector<std::string> KeysForRestart(const Config& running, const Config& next);

}  // namespace bouncesight
