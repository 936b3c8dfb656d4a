// Which entries of the journal a source wants.
#pragma once

#include <string>
#include <vector>

#include "daemon/journal/journal_line.h"

namespace bouncesight {

// An entry must have one of the units and one of the identifiers; an empty list asks for nothing.
// Globs (`*`, `?`, `[…]`) work in both. As with systemctl, a plain unit without its kind is a
// service: "postfix" is postfix.service.
class JournalFilter {
 public:
  JournalFilter() = default;
  JournalFilter(std::vector<std::string> units, std::vector<std::string> identifiers);

  bool Wants(const JournalEntry& entry) const;

  // What the journal's own index can look for: "_SYSTEMD_UNIT=postfix.service". Fields with a glob
  // among their names are not in it.
  const std::vector<std::string>& matches() const { return matches_; }

 private:
  std::vector<std::string> units_;
  std::vector<std::string> identifiers_;
  std::vector<std::string> matches_;
};

}  // namespace bouncesight
