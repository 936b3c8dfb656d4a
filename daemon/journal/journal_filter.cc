#include "daemon/journal/journal_filter.h"

#include <algorithm>

#include <fnmatch.h>

#include "daemon/system/path_glob.h"

namespace bouncesight {
namespace {

std::string WholeUnitName(const std::string& unit) {
  return IsGlob(unit) || unit.find('.') != std::string::npos ? unit : unit + ".service";
}

bool IsOneOf(const std::vector<std::string>& patterns, const std::string& value) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), value.c_str(), FNM_NOESCAPE) == 0;
  });
}

void AddMatches(const char* field, const std::vector<std::string>& names,
                std::vector<std::string>& matches) {
  if (std::any_of(names.begin(), names.end(), IsGlob)) return;
  for (const std::string& name : names) matches.push_back(std::string(field) + "=" + name);
}

}  // namespace

JournalFilter::JournalFilter(std::vector<std::string> units, std::vector<std::string> identifiers)
    : units_(std::move(units)), identifiers_(std::move(identifiers)) {
  for (std::string& unit : units_) unit = WholeUnitName(unit);
  AddMatches("_SYSTEMD_UNIT", units_, matches_);
  AddMatches("SYSLOG_IDENTIFIER", identifiers_, matches_);
}

bool JournalFilter::Wants(const JournalEntry& entry) const {
  return (units_.empty() || IsOneOf(units_, entry.unit)) &&
         (identifiers_.empty() || IsOneOf(identifiers_, entry.identifier));
}

}  // namespace bouncesight
