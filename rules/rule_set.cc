#include "rules/rule_set.h"

#include "rules/compiled_rules.h"
#include "rules/embedded_catalog.h"
#include "rules/rule_compiler.h"

namespace bouncesight {

RuleSources EmbeddedSources() {
  RuleSources sources;
  for (const EmbeddedFile& file : EmbeddedFiles())
    sources.catalog.push_back({file.path, file.text});
  sources.image = EmbeddedImage();
  return sources;
}

Result<std::shared_ptr<const RuleSet>> RuleSet::Load(const RuleSources& sources) {
  CompileResult result = CompileRules(sources);
  if (!result.errors.empty()) return Error{result.errors.front()};
  return std::shared_ptr<const RuleSet>(
      std::make_shared<RuleSet>(std::move(result.rules), std::move(result.compiled)));
}

RuleSet::RuleSet(std::vector<Rule> rules, std::unique_ptr<const CompiledRules> compiled)
    : rules_(std::move(rules)), compiled_(std::move(compiled)) {}
RuleSet::~RuleSet() = default;

const Rule& RuleSet::rule(RuleId id) const { return rules_.at(static_cast<std::size_t>(id) - 1); }

std::string_view RuleSet::rule_name(RuleId id) const {
  return id == RuleId::kNone ? std::string_view() : rule(id).id;
}

std::size_t RuleSet::cause_count() const {
  return kBuiltinCauseCount + compiled_->extra_causes.size();
}

std::string_view RuleSet::cause_name(CauseId id) const {
  const auto number = static_cast<std::size_t>(id);
  return number < kBuiltinCauseCount
             ? BuiltinCause(id).name
             : std::string_view(compiled_->extra_causes.at(number - kBuiltinCauseCount).name);
}

std::string_view RuleSet::cause_family(CauseId id) const {
  const auto number = static_cast<std::size_t>(id);
  return number < kBuiltinCauseCount
             ? BuiltinCause(id).family
             : std::string_view(compiled_->extra_causes.at(number - kBuiltinCauseCount).family);
}

std::optional<CauseId> RuleSet::FindCause(std::string_view name) const {
  return FindCauseIn(compiled_->extra_causes, name);
}

std::size_t RuleSet::provider_count() const { return compiled_->providers.size(); }

std::string_view RuleSet::provider_name(ProviderId id) const {
  return id == ProviderId::kNone ? std::string_view() : compiled_->providers.at(id).name;
}

Advice RuleSet::advice(CauseId cause, RuleId id) const {
  const Advice& base = compiled_->advice.at(static_cast<std::size_t>(cause));
  return id == RuleId::kNone ? base : Merge(base, rule(id).advice);
}

std::vector<std::string> RuleSet::provider_lists() const {
  std::vector<std::string> names;
  for (const Blocklist& list : compiled_->blocklists) {
    if (list.of_provider) names.push_back(list.name);
  }
  return names;
}

std::string_view RuleSet::delisting_link(std::string_view blocklist) const {
  for (const Blocklist& list : compiled_->blocklists) {
    if (list.name == blocklist) return list.delist;
  }
  return {};
}

std::uint64_t RuleSet::fingerprint() const { return compiled_->fingerprint; }

}  // namespace bouncesight
