#include "metrics/names.h"

#include "rules/cause.h"
#include "rules/rule_set.h"

namespace bouncesight {

std::shared_ptr<const RuleNames> NamesOf(const RuleSet& rules) {
  auto names = std::make_shared<RuleNames>();
  for (std::size_t i = 0; i < rules.cause_count(); ++i) {
    names->causes.emplace_back(rules.cause_name(static_cast<CauseId>(i)));
  }
  for (std::size_t i = 0; i <= rules.rule_count(); ++i) {
    names->rules.emplace_back(rules.rule_name(static_cast<RuleId>(i)));
  }
  for (std::size_t i = 0; i <= rules.provider_count(); ++i) {
    names->providers.emplace_back(rules.provider_name(static_cast<ProviderId>(i)));
  }
  names->provider_lists = rules.provider_lists();
  return names;
}

std::shared_ptr<const RuleNames> BuiltinNames() {
  auto names = std::make_shared<RuleNames>();
  for (std::size_t i = 0; i < kBuiltinCauseCount; ++i) {
    names->causes.emplace_back(BuiltinCause(static_cast<CauseId>(i)).name);
  }
  names->rules.emplace_back();
  names->providers.emplace_back();
  return names;
}

}  // namespace bouncesight
