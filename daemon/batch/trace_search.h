// Finds the lines of a trace: first those that hold what was asked for, then those of the queue ids
// that these name, then those of the ids under which other hosts took the message on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/batch/read_log.h"
#include "daemon/batch/trace.h"
#include "rules/classifier.h"

namespace bouncesight {

class TraceSearch {
 public:
  // Standard input among `logs` must be one that can be read again (stdin_spool.h).
  TraceSearch(const std::shared_ptr<const RuleSet>& rules, const LogReading& reading,
              std::vector<LogRange> logs);

  static constexpr std::size_t kMostSteps = 200'000;  // then the trace is cut short
  static constexpr int kMostPasses = 8;               // a message is not followed any further

  // One pass over every log for each hop of the message. `what` as the user wrote it: with angle
  // brackets or without. `most` as for BuildTrace. What cannot be read goes to `faults`, once.
  Result<Trace> Find(const std::string& what, std::size_t most);

  const std::set<std::string>& faults() const { return faults_; }

 private:
  Status Pass(const std::vector<std::string>& texts, bool asked);
  void TakeLine(std::string_view line, std::uint64_t number, std::size_t log, FormatReader& reader,
                bool asked);
  void TakeEvent(DeliveryEvent& event, TraceStep step);
  void TakeNote(const MessageNote& note, TraceStep step);
  void Keep(TraceStep step);
  std::vector<std::string> NewIds();

  std::vector<LogRange> logs_;
  LogReading reading_;
  Classifier classifier_;
  std::vector<TraceStep> steps_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;  // log and line
  std::set<std::string> ids_;                               // that were searched for
  std::size_t looked_at_ = 0;                               // of steps_, for their ids
  std::set<std::string> faults_;
  bool cut_short_ = false;
};

}  // namespace bouncesight
