// What the last lines of a source's log tell: whether mail is in it at all, and in which format.
// For the table of `check` and for the warning of `serve` a minute after its start, which say the
// same sentence.
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "daemon/config/config.h"
#include "daemon/config/source_sight.h"
#include "daemon/system/fs.h"

namespace bouncesight {

struct LogSample {
  std::set<std::string> formats;  // that a line fits; none: there is no mail among them
  std::string last;               // when the last line was written, as it says
  std::string program;            // that wrote the last line of those that name one
  std::size_t lines = 0;
  // What is wrong, and what to do: nothing was written, or no line is of mail. Empty: nothing.
  std::string complaint;
};

// What to say where the lines of `text`, a part of `where`, end with CR alone. Empty: they do not.
std::string CrAloneText(const std::string& where, std::string_view text);

// Reads `text`, the last lines of `where`: "/var/log/mail.log", "the journal".
LogSample SampleLines(const SourceConfig& source, const std::string& where, std::string_view text);

// Of the file written last among those that were found. Of a packed one the first lines: its end
// costs all. A log that is empty is complained of where nothing else tells that it just began anew:
// neither another file of the source, nor one that rotation has put aside.
// One that was last written more than a day before `now` is left over from another time, perhaps.
LogSample SampleNewest(const SourceConfig& source, const SourceSight& sight, FileSystem& fs,
                       std::chrono::system_clock::time_point now);

}  // namespace bouncesight
