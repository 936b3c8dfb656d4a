// What the stretches of a log leave for each other where it was cut for several jobs: the messages
// as they stood at the end of each, and where its lines stand of messages that came before it. So
// an expiry in a later stretch than its message's arrival is counted as one job would have counted
// it, and only those lines are read again.
//
// Bounded: where more lines are to be kept than kMostLines, or messages had to give way, the lines
// are searched for instead (late_expiry.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "daemon/batch/late_expiry.h"
#include "metrics/message_join.h"

namespace bouncesight {

// Where the lines of a stretch stand that name a message which did not arrive there.
class EarlierLines {
 public:
  static constexpr std::size_t kMostLines = 1'000'000;

  struct Place {
    std::uint64_t end_offset = 0;  // in the stretch
    std::uint32_t size = 0;        // without its end of line
    std::uint32_t message = 0;     // half of its number (MessageJoin::Origin)
  };

  void Keep(std::uint64_t message, const Line& line);
  // If not, some are not among them.
  bool whole() const { return whole_; }
  // In the order of the lines; a line that names two messages may stand there twice.
  const std::vector<Place>& places() const { return places_; }

 private:
  bool whole_ = true;
  std::vector<Place> places_;
};

// One of the ranges of a run, when it has been read.
struct ReadStretch {
  std::size_t range = 0;
  MessageJoin join;
  EarlierLines lines;
  std::vector<LateExpiry> late;  // what was set aside, in order
};

// The stretches of one log, in order, from its front on.
class CutLog {
 public:
  CutLog(const std::vector<LogRange>& ranges, std::vector<ReadStretch> stretches);

  // In order; what was set aside.
  const std::vector<LateExpiry>& late() const { return late_; }
  // Whether ReadLate can tell all that is needed.
  bool knows_all() const;

  // Gives the lines of the messages that were set aside, as ReadLateMessages does. `join`, which
  // must take in each line as it comes, begins as the first stretch left it, and learns from the
  // others what arrived there. Once only.
  Status ReadLate(MessageJoin& join, const LateLine& one);

 private:
  Status ReadLines(const ReadStretch& stretch, const LateLine& one) const;

  const std::vector<LogRange>& ranges_;
  std::vector<ReadStretch> stretches_;
  std::vector<LateExpiry> late_;
  std::vector<std::uint64_t> messages_;  // of late_; sorted
  std::vector<std::uint32_t> halves_;    // as EarlierLines has them; sorted
};

// Collects the stretches of a run.
class CutLogs {
 public:
  explicit CutLogs(const std::vector<LogRange>& ranges) : ranges_(ranges) {}

  // The log of `stretch`, if it was cut and this was the last of its stretches to be read.
  std::optional<CutLog> Add(ReadStretch stretch);

 private:
  const std::vector<LogRange>& ranges_;
  std::map<std::size_t, std::vector<ReadStretch>> unfinished_;  // by the range of the front
};

}  // namespace bouncesight
