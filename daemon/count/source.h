// Where lines come from: files, folders, syslog, the journal, Kafka, standard input. It pours bytes
// into streams (line_stream.h). A source belongs to one worker and is called on its thread alone;
// before that thread begins, on the one that makes the source.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "metrics/live.h"

namespace bouncesight {

class Source {
 public:
  // A turn ends when so much is read; its last batch may go beyond. Nobody starves, nothing queues.
  static constexpr std::size_t kTurnBytes = 64 * 1024;

  virtual ~Source() = default;

  // Reads for one turn. True: more may be at hand at once.
  virtual bool Turn() = 0;

  // Has read all that was there when it started. Never becomes false again.
  virtual bool caught_up() const = 0;
  // Nothing will ever come again: the end of a pipe.
  virtual bool ended() const { return false; }

  // Where it stands, for the state record: lines counted so far and this text belong together.
  virtual std::string SaveState() = 0;
  // Called once, before the first turn, with what SaveState gave in an earlier life. False: it
  // cannot be understood, and the source starts as if seen for the first time.
  virtual bool RestoreState(std::string_view state) = 0;

  // Called once, before the first turn. `wake` begins a turn soon; it is for a source that hears of
  // news while its worker is idle, on any thread, as long as the source lives.
  virtual void OnNews(const std::function<void()>& wake) { static_cast<void>(wake); }

  // The daemon ends, or the source does: takes what nobody can read again later, within a moment.
  // SaveState and Describe follow, and perhaps a turn, which must then be harmless.
  virtual void Farewell() {}

  // Adds its own health. `live.name` is set.
  virtual void Describe(LiveSource& live) = 0;
};

}  // namespace bouncesight
