#include "daemon/journal/journal_reader.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <systemd/sd-journal.h>

#include "daemon/system/fs.h"
#include "parsers/wrap/line_splitter.h"

namespace bouncesight {
namespace {

// One hexadecimal or textual part of "s=…;i=…;b=…;m=…;t=…;x=…".
std::string_view PartOf(std::string_view cursor, char name) {
  while (!cursor.empty()) {
    const std::string_view part = cursor.substr(0, cursor.find(';'));
    if (part.size() > 2 && part[0] == name && part[1] == '=') return part.substr(2);
    cursor.remove_prefix(std::min(part.size() + 1, cursor.size()));
  }
  return {};
}

std::optional<std::uint64_t> NumberOf(std::string_view cursor) {
  const std::string_view part = PartOf(cursor, 'i');
  std::uint64_t value = 0;
  const auto read = std::from_chars(part.data(), part.data() + part.size(), value, 16);
  if (part.empty() || read.ec != std::errc()) return std::nullopt;
  return value;
}

// Of two entries that one journald has numbered: is `a` the same as `b` or before it?
bool IsNumberedBefore(std::string_view a, std::string_view b) {
  const auto number_a = NumberOf(a);
  const auto number_b = NumberOf(b);
  return number_a && number_b && PartOf(a, 's') == PartOf(b, 's') && *number_a <= *number_b;
}

// Has that journald written `b` right after `a`?
bool IsNumberedNext(std::string_view a, std::string_view b) {
  const auto number_a = NumberOf(a);
  const auto number_b = NumberOf(b);
  return number_a && number_b && PartOf(a, 's') == PartOf(b, 's') && *number_a + 1 == *number_b;
}

int OpenAll(const std::vector<std::string>& files, sd_journal*& journal) {
  std::vector<const char*> paths;
  paths.reserve(files.size() + 1);
  for (const std::string& file : files) paths.push_back(file.c_str());
  paths.push_back(nullptr);
  return sd_journal_open_files(&journal, paths.data(), 0);
}

// Not the file's fault, and over with the next try.
bool IsWant(int error) {
  return error == -ENOMEM || error == -EMFILE || error == -ENFILE || error == -EINTR;
}

// libsystemd opens all or none. What is damaged is left out; what cannot be opened for want of
// something else would be lost with it. 0 or -errno.
int OpenUndamaged(std::vector<std::string> files, sd_journal*& journal) {
  int want = 0;
  std::erase_if(files, [&want](const std::string& file) {
    sd_journal* one = nullptr;
    const int opened = OpenAll({file}, one);
    if (opened >= 0) sd_journal_close(one);
    if (IsWant(opened)) want = opened;
    return opened < 0;
  });
  return want < 0 ? want : OpenAll(files, journal);
}

bool TakeField(std::string_view data, std::string_view prefix, std::string& field) {
  if (!data.starts_with(prefix)) return false;
  if (field.empty()) field = data.substr(prefix.size());
  return true;
}

}  // namespace

void JournalReader::Close::operator()(sd_journal* journal) const { sd_journal_close(journal); }

Result<std::unique_ptr<JournalReader>> JournalReader::Open(JournalFilter filter) {
  sd_journal* journal = nullptr;
  const int opened = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY);
  if (opened < 0) return Error{"cannot open the journal: " + ErrorText(opened)};
  auto reader = Begin(journal, std::move(filter));
  if (reader) (*reader)->hears_of_files_ = sd_journal_get_fd(journal) >= 0;
  return reader;
}

Result<std::unique_ptr<JournalReader>> JournalReader::OpenFiles(
    const std::vector<std::string>& files, JournalFilter filter) {
  sd_journal* journal = nullptr;
  int opened = OpenAll(files, journal);
  if (opened < 0 && !IsWant(opened)) opened = OpenUndamaged(files, journal);
  if (opened < 0) return Error{"cannot open the journal: " + ErrorText(opened)};
  return Begin(journal, std::move(filter));
}

Result<std::unique_ptr<JournalReader>> JournalReader::Begin(sd_journal* journal,
                                                            JournalFilter filter) {
  std::unique_ptr<JournalReader> reader(new JournalReader(std::move(filter)));
  reader->journal_.reset(journal);
  // A little more than a line may have: the splitter then cuts it, and counts that.
  sd_journal_set_data_threshold(journal, LineSplitter::kMaxLineBytes + 16);
  if (Status added = reader->AddMatches(); !added) return added.error();
  return reader;
}

Status JournalReader::AddMatches() {
  for (const std::string& match : filter_.matches()) {
    const int added = sd_journal_add_match(journal_.get(), match.data(), match.size());
    if (added < 0) return Error{"the journal does not take `" + match + "`: " + ErrorText(added)};
  }
  return Ok{};
}

// Looks without the filter: the entry may be one that is not wanted any more.
bool JournalReader::HasGapAfter(const std::string& cursor) {
  sd_journal_flush_matches(journal_.get());
  bool gap = true;
  char* text = nullptr;
  if (sd_journal_seek_cursor(journal_.get(), cursor.c_str()) >= 0 &&
      sd_journal_next(journal_.get()) > 0 && sd_journal_get_cursor(journal_.get(), &text) >= 0) {
    gap = sd_journal_test_cursor(journal_.get(), cursor.c_str()) <= 0 &&
          !IsNumberedNext(cursor, text);
  }
  std::free(text);
  static_cast<void>(AddMatches());  // it took them before
  return gap;
}

void JournalReader::StartAtBeginning() {
  cursor_.clear();
  resuming_ = false;
  sd_journal_seek_head(journal_.get());
}

void JournalReader::StartBeforeEnd(std::size_t entries) {
  StartAtBeginning();
  sd_journal_seek_tail(journal_.get());
  const int skipped = sd_journal_previous_skip(journal_.get(), entries + 1);
  if (skipped < 0 || static_cast<std::size_t>(skipped) <= entries) StartAtBeginning();
}

// From the beginning all would be counted that was not asked for.
Status JournalReader::StartAtEnd() {
  StartAtBeginning();
  const int sought = sd_journal_seek_tail(journal_.get());
  const int found = sought < 0 ? sought : sd_journal_previous(journal_.get());
  const int error = found > 0 ? TakeCursor() : found;
  if (error < 0) return Error{"the end of the journal cannot be found: " + ErrorText(error)};
  if (found == 0) StartAtBeginning();
  return Ok{};
}

void JournalReader::StartAfter(const std::string& cursor) {
  StartAtBeginning();
  if (cursor.empty()) return;
  cursor_ = cursor;
  resuming_ = true;
  // What cannot be gone to is looked for from the beginning.
  if (sd_journal_seek_cursor(journal_.get(), cursor.c_str()) < 0) {
    sd_journal_seek_head(journal_.get());
  }
}

JournalReader::Step JournalReader::Next() {
  while (true) {
    const int found = sd_journal_next(journal_.get());
    if (found < 0) return Fail("cannot go on in the journal", found);
    if (found == 0) return Step::kEnd;
    const int older = resuming_ ? IsOlder() : 0;
    if (older < 0) return Fail("an entry of the journal cannot be told from others", older);
    if (older == 0) break;
  }
  resuming_ = false;
  if (const int error = TakeCursor(); error < 0) {
    return Fail("an entry of the journal is gone", error);
  }
  if (const int error = TakeFields(); error < 0) {
    return Fail("an entry of the journal cannot be read", error);
  }
  wanted_ = filter_.Wants(entry_);
  return Step::kEntry;
}

// Is the present entry the one that cursor_ names, or one before it?
int JournalReader::IsOlder() {
  if (sd_journal_test_cursor(journal_.get(), cursor_.c_str()) > 0) return 1;
  char* text = nullptr;
  if (const int error = sd_journal_get_cursor(journal_.get(), &text); error < 0) return error;
  const bool older = IsNumberedBefore(text, cursor_);
  std::free(text);
  return older ? 1 : 0;
}

int JournalReader::TakeCursor() {
  char* text = nullptr;
  if (const int error = sd_journal_get_cursor(journal_.get(), &text); error < 0) return error;
  cursor_ = text;
  std::free(text);
  return 0;
}

// Of an entry that is damaged for good, what there is: it would stop us for ever.
int JournalReader::TakeFields() {
  entry_.Clear();
  const int timed = sd_journal_get_realtime_usec(journal_.get(), &entry_.realtime_us);
  if (timed < 0 && timed != -EBADMSG) return timed;
  const void* bytes = nullptr;
  std::size_t size = 0;
  std::string own_pid;
  sd_journal_restart_data(journal_.get());
  int found = 0;
  while ((found = sd_journal_enumerate_available_data(journal_.get(), &bytes, &size)) > 0) {
    const std::string_view data(static_cast<const char*>(bytes), size);
    if (TakeField(data, "MESSAGE=", entry_.message) ||
        TakeField(data, "SYSLOG_IDENTIFIER=", entry_.identifier) ||
        TakeField(data, "SYSLOG_PID=", entry_.pid) || TakeField(data, "_PID=", own_pid) ||
        TakeField(data, "_HOSTNAME=", entry_.host) ||
        TakeField(data, "_SYSTEMD_UNIT=", entry_.unit) ||
        TakeField(data, "CONTAINER_ID=", entry_.container) ||
        TakeField(data, "CONTAINER_PARTIAL_MESSAGE=", entry_.partial)) {
      continue;
    }
    TakeField(data, "_COMM=", entry_.command);
  }
  if (entry_.pid.empty()) entry_.pid = std::move(own_pid);
  return found == -EBADMSG ? 0 : found;
}

void JournalReader::Refresh() {
  if (sd_journal_process(journal_.get()) != SD_JOURNAL_INVALIDATE) return;
  StartAfter(cursor_);  // what it stood in may be gone
}

JournalReader::Step JournalReader::Fail(const char* what, int error) {
  error_ = std::string(what) + ": " + ErrorText(error);
  return Step::kFailed;
}

}  // namespace bouncesight
