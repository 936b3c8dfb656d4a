// --domain, --provider and --cause: which results a report is about.
#pragma once

#include <optional>
#include <string>

#include "parsers/event/delivery_event.h"
#include "parsers/event/result.h"
#include "rules/rule_set.h"
#include "rules/verdict.h"

namespace bouncesight {

// What the user asked for; empty: any.
struct FilterWords {
  std::string domain, provider, cause;
};

class EventFilter {
 public:
  EventFilter() = default;
  // The Error says what the rules know in place of a name that they do not.
  static Result<EventFilter> Make(const FilterWords& words, const RuleSet& rules);

  // All that was asked must hold. A domain holds its subdomains; a cause leaves failures and
  // refusals only.
  bool Holds(const DeliveryEvent& event, const Verdict& verdict) const;

 private:
  std::string domain_;  // lower case
  std::optional<ProviderId> provider_;
  std::optional<CauseId> cause_;
};

}  // namespace bouncesight
