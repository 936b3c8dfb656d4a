// Tables of the page as JSON: /api/v1/senders, /api/v1/rules and /api/v1/causes of API.md.
#pragma once

#include <cstddef>
#include <string>

#include "metrics/snapshot.h"
#include "rules/rule_set.h"

namespace bouncesight {

// The domains that mail was sent from, by their failures, the most first.
std::string SendersJson(const Snapshot& snapshot, std::size_t top);

// The rules that have hit, the most hits first; each with its cause where it is still loaded.
std::string RulesJson(const Snapshot& snapshot, const RuleSet& rules, std::size_t top);

// Every cause with its words and advice, and what families, providers, outcomes and the like are
// called.
std::string CausesJson(const RuleSet& rules, Language language);

}  // namespace bouncesight
