// Follows systemd's journal by polling. The cursor of the last entry that was looked at is the
// position; saved together with the counters, it loses nothing and counts nothing twice over a
// restart, rotation and vacuuming. A folder that is named may hold the journals of several hosts:
// there each sequence of entries (journal_files.h) has a position of its own, so that what reaches
// us late is read, too.
//
// Limit: what was vacuumed unread is lost; the log says so.
//
// The room daemon/journal:
//
// * journal_source.h: the source; it opens, resumes, and complains once.
// * journal_reader.h: the journal entry by entry, from a cursor on.
// * journal_files.h: the files of a folder, by who numbered their entries.
// * journal_filter.h: units and identifiers.
// * journal_line.h: an entry as the line that it would be in a file.
// * journal_names.h: are the units and identifiers that were asked for in the journal at all?
// * journal_sample.h: is there mail in its last entries?
//
// May the journal be read? daemon/system/journal_access.h asks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/line_stream.h"
#include "daemon/count/silence_watch.h"
#include "daemon/count/source.h"
#include "daemon/journal/journal_files.h"
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

  // A folder is listed anew when it has changed, and so often.
  static constexpr std::chrono::seconds kListInterval{60};
  // A sequence with more to read lets the others read after so many turns.
  static constexpr std::size_t kMostTurns = 64;
  // Positions of sequences without a file are kept, so many: a folder may be mounted again.
  static constexpr std::size_t kMostAbsent = 256;

  // All references must outlive the source.
  JournalSource(const SourceConfig& config, FileSystem& fs, const Clock& clock,
                StreamFactory& streams);

  bool Turn() override;
  bool caught_up() const override { return caught_up_; }
  std::string SaveState() override;
  bool RestoreState(std::string_view state) override;
  void Describe(LiveSource& live) override;

 private:
  // A sequence of entries, and how far it was read.
  struct Place {
    std::string id;                         // JournalSequence::id; empty: this machine's journal
    std::string cursor;                     // empty: before the first entry
    std::vector<std::string> files;         // of a folder; none: it is gone, or not looked at yet
    std::unique_ptr<JournalReader> reader;  // null: not open
    bool known = false;                     // it was open in this life or an earlier one
    bool restored = false;                  // its cursor is of an earlier life, not looked at yet
    bool caught_up = false;
  };

  void Refresh();
  bool FolderHasChanged();
  bool Open();
  bool OpenPlaces();
  void TakeSequences();
  bool OpenPlace(Place& place);
  Status BeginAt(Place& place);
  JournalReader::Step Read(Place& place, std::size_t& entries);
  void TellGap(Place& place);
  void Complain(const std::string& what);
  void Feed();

  SourceConfig config_;
  FileSystem& fs_;
  const Clock& clock_;
  std::unique_ptr<LineStream> stream_;
  std::vector<Place> places_;
  std::size_t turn_of_ = 0;  // of places_: whose entries are read next
  std::size_t turns_in_a_row_ = 0;
  bool open_ = false;  // places_ are
  bool seen_ = false;  // the journal was opened in this life or an earlier one
  bool caught_up_ = false;
  bool at_end_ = false;
  bool complained_ = false;
  std::uint64_t gaps_ = 0;          // times that entries may have been gone unread
  std::uint64_t opened_at_us_ = 0;  // wall clock: what is older was there at the start
  std::int64_t listed_ns_ = 0;      // the folder's last change when it was listed
  bool list_again_ = false;         // it may have changed once more in the same moment
  Backoff backoff_;
  std::chrono::steady_clock::time_point next_check_;
  std::chrono::steady_clock::time_point next_reopen_;
  SilenceWatch silence_;
  SourceFiles files_;  // when the journal was opened last, or was to be
  std::string lines_;  // of one turn
  double last_line_timestamp_ = 0;
};

}  // namespace bouncesight
