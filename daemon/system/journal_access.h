// May we read the journal? libsystemd opens a journal that it may not read as an empty one.
#pragma once

#include <string>

#include "daemon/system/fs.h"

namespace bouncesight {

struct JournalAccess {
  bool present = false;   // there is a journal, be it one that we may not read
  bool usable = false;    // at least one file can be read
  std::string complaint;  // why not, or why not all, and what to do; empty: nothing is wrong
};

// Looks at the files of `directory`, or of this machine's journal where that is empty.
JournalAccess LookAtJournal(FileSystem& fs, const std::string& directory);

}  // namespace bouncesight
