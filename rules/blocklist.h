// Block lists: which one a reply names, and which address it calls listed. Data:
// rules/blocklists.yaml.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/result.h"

namespace bouncesight {

enum class ListKind : std::uint8_t { kIp, kDomain };

struct Blocklist {
  std::string name;  // "spamhaus_zen": the label value
  ListKind kind = ListKind::kIp;
  bool of_provider = false;          // a provider's own throttle or block; else a public list
  std::vector<std::string> zones;    // zones and web hosts: these or below these
  std::vector<std::string> links;    // patterns in URLs
  std::vector<std::string> phrases;  // patterns in the words
  std::string delist;                // where to ask for removal
  int line = 0;

  friend bool operator==(const Blocklist&, const Blocklist&) = default;
};

// Reads the text of blocklists.yaml: `lists: [{name, kind, keeper, zones, links, phrases,
// delist}]`.
Result<std::vector<Blocklist>> ParseBlocklists(std::string_view name, std::string_view text);

}  // namespace bouncesight
