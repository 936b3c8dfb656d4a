// --domain, --provider, --cause, --sender and --outcome: which results are wanted.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "metrics/message_join.h"
#include "parsers/event/delivery_event.h"
#include "parsers/event/result.h"
#include "rules/rule_set.h"
#include "rules/verdict.h"

namespace bouncesight {

// What the user asked for; empty: any.
struct FilterWords {
  std::string domain, provider, cause, sender;
  std::vector<std::string> outcomes;  // by their names; any of them
};

class EventFilter {
 public:
  EventFilter() = default;
  // The Error says what there is in place of a name that is not known.
  static Result<EventFilter> Make(const FilterWords& words, const RuleSet& rules);

  // All that was asked must hold. A domain holds its subdomains, a sender's too, in whatever case
  // or script it is written; a cause leaves failures and refusals only. `event` as
  // MessageJoin::Complete left it.
  bool Holds(const DeliveryEvent& event, const Verdict& verdict) const;

  // What the join must keep for it, and for a report.
  MessageJoin::Keep join_keeps() const {
    return wants_address_ ? MessageJoin::Keep::kAll : MessageJoin::Keep::kDomainsAndAccounts;
  }

 private:
  bool HoldsSender(const MessageFacts& message) const;

  std::string domain_;  // as DomainLabel gives it
  std::string sender_;  // lower case: an address, or what SenderDomain gives
  bool wants_address_ = false;
  std::optional<ProviderId> provider_;
  std::optional<CauseId> cause_;
  std::bitset<kOutcomeCount> outcomes_;  // none: any
};

}  // namespace bouncesight
