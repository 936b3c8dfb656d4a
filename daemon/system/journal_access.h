// May we read the journal? libsystemd opens a journal that it may not read as an empty one.
#pragma once

#include <string>

#include "daemon/system/fs.h"
#include "metrics/live.h"

namespace bouncesight {

// Of a file: "system.journal", "system@….journal", or "….journal~" of one that was not closed.
bool IsJournalName(const std::string& name);
// Of a folder: "0123456789abcdef0123456789abcdef", or the same with a namespace behind a dot.
bool NamesAMachine(const std::string& folder);

struct JournalAccess {
  bool present = false;   // there is a journal, be it one that we may not read
  bool others = false;    // there is none, but another machine's
  bool usable = false;    // at least one file can be read
  SourceFiles files;      // its files: `open` could be, `missing` is 1 where there is none
  std::string complaint;  // why not, or why not all, and what to do; empty: nothing is wrong
};

// Looks at the files of `directory`, or of this machine's journal where that is empty: libsystemd
// then reads only the folder that bears this machine's id (/etc/machine-id), which a container that
// has the host's journal mounted has not. Without an id it reads none.
JournalAccess LookAtJournal(FileSystem& fs, const std::string& directory);

}  // namespace bouncesight
