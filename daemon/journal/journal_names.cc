#include "daemon/journal/journal_names.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include <systemd/sd-journal.h>

#include "daemon/journal/journal_filter.h"
#include "rules/near_name.h"

namespace bouncesight {
namespace {

struct CloseJournal {
  void operator()(sd_journal* journal) const { sd_journal_close(journal); }
};

std::unique_ptr<sd_journal, CloseJournal> OpenJournal(const std::string& directory) {
  sd_journal* journal = nullptr;
  const int opened = directory.empty() ? sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY)
                                       : sd_journal_open_directory(&journal, directory.c_str(), 0);
  return std::unique_ptr<sd_journal, CloseJournal>(opened < 0 ? nullptr : journal);
}

std::string ListOf(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// "postfix" is near to "postfix@-.service": people leave the end away.
std::string NearestOf(const std::vector<std::string>& wanted,
                      const std::vector<std::string>& there) {
  for (const std::string& name : wanted) {
    if (std::string near = NearestName(name, there); !near.empty()) return near;
    const std::string stem = name.substr(0, name.find_first_of(".@*"));
    const auto begins = [&](const std::string& each) { return each.starts_with(stem); };
    const auto found = std::find_if(there.begin(), there.end(), begins);
    if (!stem.empty() && found != there.end()) return *found;
  }
  return {};
}

std::string Missing(const char* what, const std::vector<std::string>& wanted,
                    const std::vector<std::string>& there) {
  const std::string near = NearestOf(wanted, there);
  return std::string("the journal has no entry of ") + what + " " + ListOf(wanted) +
         (near.empty() ? "" : "; the nearest is " + near);
}

bool AnyUnit(const std::vector<std::string>& units, const std::vector<std::string>& there) {
  const JournalFilter filter(units, {});
  return std::any_of(there.begin(), there.end(), [&](const std::string& unit) {
    JournalEntry entry;
    entry.unit = unit;
    return filter.Wants(entry);
  });
}

bool AnyIdentifier(const std::vector<std::string>& identifiers,
                   const std::vector<std::string>& there) {
  const JournalFilter filter({}, identifiers);
  return std::any_of(there.begin(), there.end(), [&](const std::string& identifier) {
    JournalEntry entry;
    entry.identifier = identifier;
    return filter.Wants(entry);
  });
}

}  // namespace

std::vector<std::string> JournalValues(const std::string& directory, const std::string& field) {
  std::vector<std::string> values;
  const auto journal = OpenJournal(directory);
  if (!journal || sd_journal_query_unique(journal.get(), field.c_str()) < 0) return values;
  const void* bytes = nullptr;
  std::size_t size = 0;
  while (sd_journal_enumerate_available_unique(journal.get(), &bytes, &size) > 0) {
    const std::string_view data(static_cast<const char*>(bytes), size);
    values.emplace_back(data.substr(std::min(data.size(), field.size() + 1)));
  }
  std::sort(values.begin(), values.end());
  return values;
}

std::string MissingJournalNames(const SourceConfig& source) {
  if (!source.units.empty()) {
    const auto units = JournalValues(source.directory, "_SYSTEMD_UNIT");
    if (!AnyUnit(source.units, units)) return Missing("the unit", source.units, units);
  }
  if (source.identifiers.empty()) return {};
  const auto identifiers = JournalValues(source.directory, "SYSLOG_IDENTIFIER");
  if (AnyIdentifier(source.identifiers, identifiers)) return {};
  return Missing("the program", source.identifiers, identifiers);
}

std::optional<std::uint64_t> LastJournalMail(const std::vector<std::string>& identifiers) {
  const JournalFilter filter({}, identifiers);
  const auto journal = OpenJournal("");
  bool any = false;
  for (const std::string& name : JournalValues("", "SYSLOG_IDENTIFIER")) {
    JournalEntry entry;
    entry.identifier = name;
    if (!journal || !filter.Wants(entry)) continue;
    const std::string match = "SYSLOG_IDENTIFIER=" + name;
    any = sd_journal_add_match(journal.get(), match.data(), match.size()) >= 0 || any;
  }
  std::uint64_t time = 0;
  if (!any || sd_journal_seek_tail(journal.get()) < 0 || sd_journal_previous(journal.get()) <= 0 ||
      sd_journal_get_realtime_usec(journal.get(), &time) < 0) {
    return std::nullopt;
  }
  return time;
}

}  // namespace bouncesight
