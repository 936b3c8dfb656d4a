// What a journal source would read, now: for `check`, and for `serve` a minute after its start.
#pragma once

#include "daemon/config/config.h"
#include "daemon/config/log_sample.h"
#include "daemon/system/fs.h"

namespace bouncesight {

// Reads the last entries of the journal, at most kSampledEntries, of which those count that the
// source wants. The complaint: no entry has the names that it asks for, or none is of mail. All is
// empty where the journal cannot be opened.
inline constexpr std::size_t kSampledEntries = 5000;
LogSample SampleJournal(const SourceConfig& source, FileSystem& fs);

}  // namespace bouncesight
