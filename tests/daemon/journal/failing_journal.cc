#include "tests/daemon/journal/failing_journal.h"

#include <cerrno>
#include <map>
#include <utility>

#include <dlfcn.h>
#include <systemd/sd-journal.h>

namespace bouncesight {
namespace {

thread_local FailingJournal* armed_journal = nullptr;

}  // namespace

FailingJournal::Armed::Armed(FailingJournal& calls) { armed_journal = &calls; }
FailingJournal::Armed::~Armed() { armed_journal = nullptr; }

int FailingJournal::Ask(const std::string& name) {
  calls_.push_back(name);
  if (calls_.size() == nth_) failing_ = name;
  if (name != failing_ || times_ == 0) return 0;
  --times_;
  return error_;
}

const std::vector<int>& JournalFaultsOf(const std::string& call) {
  static const std::map<std::string, std::vector<int>> kFaults = {
      {"open_files", {EMFILE, ENFILE, ENOMEM, EINTR}},
      {"add_match", {ENOMEM}},
      {"seek_cursor", {ENOMEM}},
      {"seek_head", {ENOMEM}},
      {"seek_tail", {ENOMEM}},
      {"next", {EIO, ENOMEM, EMFILE}},
      {"previous", {EIO, ENOMEM, EMFILE}},
      {"get_cursor", {EIO, ENOMEM}},
      {"test_cursor", {EIO, ENOMEM}},
      {"get_realtime_usec", {EIO}},
      {"enumerate_available_data", {EIO, ENOMEM}},
  };
  return kFaults.at(call);
}

namespace {

template <typename Function, typename... Values>
int FailOrAsk(const char* name, Function*, Values... values) {
  const std::string own(name);
  if (armed_journal != nullptr) {
    if (const int error = armed_journal->Ask(own.substr(own.find('_', 3) + 1))) return -error;
  }
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name))(values...);
}

}  // namespace
}  // namespace bouncesight

using bouncesight::FailOrAsk;

extern "C" {

int sd_journal_open_files(sd_journal** journal, const char** paths, int flags) {
  return FailOrAsk("sd_journal_open_files", &::sd_journal_open_files, journal, paths, flags);
}
int sd_journal_add_match(sd_journal* journal, const void* data, size_t size) {
  return FailOrAsk("sd_journal_add_match", &::sd_journal_add_match, journal, data, size);
}
int sd_journal_seek_cursor(sd_journal* journal, const char* cursor) {
  return FailOrAsk("sd_journal_seek_cursor", &::sd_journal_seek_cursor, journal, cursor);
}
int sd_journal_seek_head(sd_journal* journal) {
  return FailOrAsk("sd_journal_seek_head", &::sd_journal_seek_head, journal);
}
int sd_journal_seek_tail(sd_journal* journal) {
  return FailOrAsk("sd_journal_seek_tail", &::sd_journal_seek_tail, journal);
}
int sd_journal_next(sd_journal* journal) {
  return FailOrAsk("sd_journal_next", &::sd_journal_next, journal);
}
int sd_journal_previous(sd_journal* journal) {
  return FailOrAsk("sd_journal_previous", &::sd_journal_previous, journal);
}
int sd_journal_get_cursor(sd_journal* journal, char** cursor) {
  return FailOrAsk("sd_journal_get_cursor", &::sd_journal_get_cursor, journal, cursor);
}
int sd_journal_test_cursor(sd_journal* journal, const char* cursor) {
  return FailOrAsk("sd_journal_test_cursor", &::sd_journal_test_cursor, journal, cursor);
}
int sd_journal_get_realtime_usec(sd_journal* journal, uint64_t* time) {
  return FailOrAsk("sd_journal_get_realtime_usec", &::sd_journal_get_realtime_usec, journal, time);
}
int sd_journal_enumerate_available_data(sd_journal* journal, const void** data, size_t* size) {
  return FailOrAsk("sd_journal_enumerate_available_data", &::sd_journal_enumerate_available_data,
                   journal, data, size);
}

}  // extern "C"
