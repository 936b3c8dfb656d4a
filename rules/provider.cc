#include "rules/provider.h"

#include "rules/near_name.h"
#include "rules/rule_lint.h"
#include "rules/yaml_reader.h"

namespace bouncesight {
namespace {

Provider ReadProvider(const YAML::Node& node, YamlErrors& errors) {
  Provider provider;
  provider.line = LineOf(node);
  const auto list = [&errors](std::string_view key, std::vector<std::string>& into) {
    return YamlKey{
        key, [key, &into, &errors](const YAML::Node& n) { into = ReadTexts(n, key, errors); }};
  };
  ReadMap(node, "providers",
          {{"name", [&](const YAML::Node& n) { provider.name = ReadText(n, "name", errors); }},
           list("hosts", provider.hosts),
           list("domains", provider.domains),
           list("phrases", provider.phrases),
           list("links", provider.links),
           list("words", provider.words)},
          errors);
  if (provider.name.empty()) errors.Add(node, "name", "is missing; name the provider");
  for (const auto* patterns : {&provider.phrases, &provider.links}) {
    for (const std::string& pattern : *patterns) {
      const std::string what = LintPattern(pattern).fault;
      if (!what.empty()) errors.Add(node, provider.name, InQuotes(pattern) + " " + what);
    }
  }
  return provider;
}

}  // namespace

Result<std::vector<Provider>> ParseProviders(std::string_view name, std::string_view text) {
  YamlErrors errors(name);
  std::vector<Provider> providers;
  const YAML::Node document = LoadYaml(text, errors);
  if (document.IsDefined()) {
    ReadMap(document, "",
            {{"providers",
              [&](const YAML::Node& list) {
                if (!list.IsSequence()) {
                  errors.Add(list, "providers", "must be a list of providers");
                  return;
                }
                for (const YAML::Node& row : list) {
                  providers.push_back(ReadProvider(row, errors));
                }
              }}},
            errors);
  }
  if (!errors.messages().empty()) return Error{errors.messages().front()};
  return providers;
}

ProviderTable::ProviderTable(std::vector<Provider> providers) : providers_(std::move(providers)) {
  for (std::size_t i = 0; i < providers_.size(); ++i) {
    const auto value = static_cast<std::uint16_t>(i + 1);
    for (const std::string& host : providers_[i].hosts) hosts_.Add(host, value);
    for (const std::string& domain : providers_[i].domains) domains_.Add(domain, value);
  }
}

const Provider& ProviderTable::at(ProviderId id) const {
  return providers_.at(static_cast<std::size_t>(id) - 1);
}

ProviderId ProviderTable::Find(std::string_view name) const {
  for (std::size_t i = 0; i < providers_.size(); ++i) {
    if (providers_[i].name == name) return static_cast<ProviderId>(i + 1);
  }
  return ProviderId::kNone;
}

ProviderId ProviderTable::FindByHost(std::string_view relay_host) const {
  return static_cast<ProviderId>(hosts_.Find(relay_host));
}

ProviderId ProviderTable::FindByDomain(std::string_view recipient_domain) const {
  return static_cast<ProviderId>(domains_.Find(recipient_domain));
}

}  // namespace bouncesight
