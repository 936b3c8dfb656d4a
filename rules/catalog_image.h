// The shipped catalogue as it is after reading, checking and compiling, in one run of bytes: made
// when the program is built, and embedded in it. To take it from there costs a twentieth of reading
// the YAML.
//
// The bytes are for the program that they were built with and for nobody else: what they hold is in
// the order and the byte order of memory. Rules, providers, lists and advice come as in their
// files; the phrase tables as they are searched; the databases once for each kind of processor.
// What follows from these by a look-up (facts of rules, codes, zones) is not in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compiled_rules.h"
#include "rules/rule_set.h"

namespace bouncesight {

struct CatalogImage {
  std::vector<Rule> rules;
  std::vector<Provider> providers;
  std::vector<Blocklist> blocklists;
  std::vector<std::string> names;
  std::vector<Advice> advice;  // by built-in cause
  PatternTable words, links;
  std::uint64_t fingerprint = 0;
};

// `rules`: of a catalogue without operators' files. Without databases, equal rules give equal
// bytes, whatever the processor.
std::string WriteCatalogImage(const RuleSet& rules, bool with_databases);

// The phrases and expressions of what it gives stay in `image`, which must outlive it.
// std::nullopt: nothing, of another version, or damaged. Where Hyperscan takes none of the
// databases (another version of it, another kind of processor) they are compiled anew.
std::optional<CatalogImage> ReadCatalogImage(std::string_view image);

// Is `image` that of `rules`? Databases are left out of it.
bool IsImageOf(std::string_view image, const RuleSet& rules);

}  // namespace bouncesight
