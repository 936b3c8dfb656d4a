// Who runs the receiving side: Google, Microsoft, Tencent, a filter in front of a company. Custom
// domains are recognised by the host that takes their mail. Data: rules/providers.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/result.h"
#include "rules/suffix_map.h"
#include "rules/verdict.h"

namespace bouncesight {

struct Provider {
  std::string name;                  // "gmail": the label value
  std::vector<std::string> hosts;    // its mail hosts are these or below these
  std::vector<std::string> domains;  // its own addresses end in these
  std::vector<std::string> phrases;  // patterns in the words of its replies
  std::vector<std::string> links;    // patterns in the links of its replies
  std::vector<std::string> words;    // that are its own in patterns, as they stand there
  int line = 0;

  friend bool operator==(const Provider&, const Provider&) = default;
};

// Reads the text of providers.yaml: `providers: [{name, hosts, domains, phrases, links, words}]`.
Result<std::vector<Provider>> ParseProviders(std::string_view name, std::string_view text);

// Finds providers by host or domain. Immutable; safe from any thread.
class ProviderTable {
 public:
  explicit ProviderTable(std::vector<Provider> providers);

  std::size_t size() const { return providers_.size(); }
  const Provider& at(ProviderId id) const;  // not kNone
  ProviderId Find(std::string_view name) const;
  // The longest known suffix decides; kNone: unknown.
  ProviderId FindByHost(std::string_view relay_host) const;
  ProviderId FindByDomain(std::string_view recipient_domain) const;

 private:
  std::vector<Provider> providers_;
  SuffixMap hosts_;
  SuffixMap domains_;
};

}  // namespace bouncesight
