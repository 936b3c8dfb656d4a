// Logs of one run that hold the same lines, by whatever name: read once only.
#pragma once

#include <string>
#include <vector>

namespace bouncesight {

struct SameLines {
  std::vector<std::string> paths;  // those to read, in their order
  std::vector<std::string> notes;  // a sentence for each that is left out
  // What could not be looked at: it stays, and may hold lines of another.
  std::vector<std::string> faults;
};

// Leaves out of `paths`
//   one that names a file which another one names, too (the same path, a link, a hard link),
//   one whose lines are those with which another one begins (a copy, also a packed one),
//   rsyslog's logs by severity (mail.info, mail.warn, mail.err), each of whose lines is in a
//   mail.log of the same folder.
// A copy is left out only after all of it was found in another log, a log by severity only after
// each of its lines was. Standard input and what cannot be opened stay.
SameLines LeaveOutSameLines(const std::vector<std::string>& paths);

}  // namespace bouncesight
