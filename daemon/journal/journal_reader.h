// The journal, entry by entry, through libsystemd.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/journal/journal_filter.h"
#include "daemon/journal/journal_line.h"
#include "parsers/event/result.h"

struct sd_journal;

namespace bouncesight {

// One thread at a time. Call one of the Start functions before the first Next.
class JournalReader {
 public:
  enum class Step : std::uint8_t {
    kEntry,
    kEnd,     // no newer one yet
    kFailed,  // error() says why; open it anew
  };

  // This machine's journal. An Error: it cannot be opened. A journal without files, or with none
  // that may be read, opens and is empty.
  static Result<std::unique_ptr<JournalReader>> Open(JournalFilter filter);
  // These files only, of which those that are damaged are left out.
  static Result<std::unique_ptr<JournalReader>> OpenFiles(const std::vector<std::string>& files,
                                                          JournalFilter filter);

  void StartAtBeginning();
  // At the last entry there is; cursor() names it. An Error: it could not be found.
  Status StartAtEnd();
  // So many entries before the end, or at the beginning where there are fewer.
  void StartBeforeEnd(std::size_t entries);
  // After the entry of `cursor`, or where that is gone after those that were older.
  void StartAfter(const std::string& cursor);
  // Whether entries after `cursor` may be gone unread: its own is, and the oldest that is left does
  // not follow it directly. Call a Start function after it.
  bool HasGapAfter(const std::string& cursor);

  // Goes to the next entry, wanted or not, so that a turn can be bounded.
  Step Next();
  bool wanted() const { return wanted_; }
  const JournalEntry& entry() const { return entry_; }
  // Of the entry that Next or StartAtEnd came to; empty: none yet.
  const std::string& cursor() const { return cursor_; }
  const std::string& error() const { return error_; }

  // After kEnd: looks for files that rotation has made or vacuuming has taken away.
  void Refresh();
  // False: the system does not tell of such files (no inotify left); open the journal anew to see.
  bool hears_of_files() const { return hears_of_files_; }

 private:
  struct Close {
    void operator()(sd_journal* journal) const;
  };

  static Result<std::unique_ptr<JournalReader>> Begin(sd_journal* journal, JournalFilter filter);
  explicit JournalReader(JournalFilter filter) : filter_(std::move(filter)) {}
  Step Fail(const char* what, int error);
  int IsOlder();     // 0 and 1; or -errno, as the two below
  int TakeCursor();  // 0
  int TakeFields();  // 0
  Status AddMatches();

  std::unique_ptr<sd_journal, Close> journal_;
  JournalFilter filter_;
  JournalEntry entry_;
  std::string cursor_;
  std::string error_;
  bool wanted_ = false;
  bool resuming_ = false;  // cursor_ is of an earlier life: its entry is not wanted again
  bool hears_of_files_ = false;
};

}  // namespace bouncesight
