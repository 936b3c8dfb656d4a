// Follows systemd's journal by polling. The cursor of the last entry that was looked at is the
// position; saved together with the counters, it loses nothing and counts nothing twice over a
// restart, rotation and vacuuming.
//
// Limits: entries that reach the journal out of order (of other machines, by
// systemd-journal-remote) and sort before the position are not seen; what was vacuumed unread is
// lost.
//
// The room daemon/journal:
//
// * journal_source.h: the source; it opens, resumes, and complains once.
// * journal_reader.h: the journal entry by entry, from a cursor on.
// * journal_filter.h: units and identifiers.
// * journal_line.h: an entry as the line that it would be in a file.
// * journal_names.h: are the units and identifiers that were asked for in the journal at all?
//
// May the journal be read? daemon/system/journal_access.h asks.
#pragma once

#include <memory>
#include <string>

#include "daemon/config/config.h"
#include "daemon/count/line_stream.h"
#include "daemon/count/silence_watch.h"
#include "daemon/count/source.h"
#include "daemon/journal/journal_reader.h"
#include "daemon/system/backoff.h"
#include "daemon/system/clock.h"
#include "daemon/system/fs.h"

namespace bouncesight {

class JournalSource final : public Source {
 public:
  static constexpr std::size_t kTurnEntries = 1000;
  static constexpr std::chrono::milliseconds kCheckInterval{250};
  // A journal at its end is opened anew so often: a message about a new file may have been lost.
  static constexpr std::chrono::seconds kReopenInterval{60};
  static constexpr std::chrono::seconds kDeafReopenInterval{5};

  // All references must outlive the source.
  JournalSource(const SourceConfig& config, FileSystem& fs, const Clock& clock,
                StreamFactory& streams);

  bool Turn() override;
  bool caught_up() const override { return caught_up_; }
  std::string SaveState() override;
  bool RestoreState(std::string_view state) override;
  void Describe(LiveSource& live) override;

 private:
  bool Open();
  void Complain(const std::string& what);
  void Feed();

  SourceConfig config_;
  FileSystem& fs_;
  const Clock& clock_;
  std::unique_ptr<LineStream> stream_;
  std::unique_ptr<JournalReader> reader_;
  std::string cursor_;     // empty: before the first entry
  bool seen_ = false;      // the journal was opened in this life or an earlier one
  bool restored_ = false;  // its place is of an earlier life, and was not looked at yet
  bool caught_up_ = false;
  bool at_end_ = false;
  bool complained_ = false;
  std::uint64_t opened_at_us_ = 0;  // wall clock: what is older was there at the start
  Backoff backoff_;
  std::chrono::steady_clock::time_point next_check_;
  std::chrono::steady_clock::time_point next_reopen_;
  SilenceWatch silence_;
  SourceFiles files_;        // when the journal was opened last, or was to be
  bool any_wanted_ = false;  // entries, since the start
  std::string lines_;        // of one turn
  double last_line_timestamp_ = 0;
};

}  // namespace bouncesight
