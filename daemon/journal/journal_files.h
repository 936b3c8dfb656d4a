// The journal files of a folder, by who numbered their entries.
//
// Each journald (and each output of systemd-journal-remote) numbers its entries one after the other
// over all its files. libsystemd lays several such sequences together by their clocks: an entry of
// one that comes late, after an outage, sorts before what was read of the others and is passed
// over. Read each for itself, none is.
//
// Source of the format: https://systemd.io/JOURNAL_FILE_FORMAT/, "Header".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/system/fs.h"

namespace bouncesight {

struct JournalSequence {
  std::string id;                  // machine and sequence of the files' headers, in hexadecimal
  std::uint64_t begin_us = 0;      // of its oldest entry, in microseconds since 1970
  std::vector<std::string> files;  // paths, sorted

  friend bool operator==(const JournalSequence&, const JournalSequence&) = default;
};

// Of `directory` and the folders of machines in it, the oldest first. What is not a journal, cannot
// be read or is just being made is left out. Reads the beginning of each file.
std::vector<JournalSequence> ListJournalSequences(FileSystem& fs, const std::string& directory);

}  // namespace bouncesight
