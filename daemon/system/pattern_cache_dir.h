// Compiled patterns in the user's cache folder ($XDG_CACHE_HOME/bouncesight, else
// ~/.cache/bouncesight), so that `explain` and `report` start at once. `serve` uses none: it starts
// once, and writes nothing but its state.
#pragma once

#include <memory>
#include <string>

#include "rules/pattern_cache.h"

namespace bouncesight {

// Keeps files of at most 64 MiB in `folder`, at most eight of them. Takes only files that belong to
// this user and that nobody else may write. Whatever fails (a read-only disk, no home) only costs
// the time to compile.
std::unique_ptr<PatternCache> MakePatternCache(std::string folder);

// The folder by the XDG base directory specification; empty if the environment names none.
std::string UserCacheFolder();

}  // namespace bouncesight
