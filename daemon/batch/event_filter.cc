#include "daemon/batch/event_filter.h"

#include <algorithm>

#include "metrics/label.h"
#include "parsers/text/ascii.h"
#include "parsers/text/scan.h"
#include "rules/near_name.h"

namespace bouncesight {
namespace {

std::optional<ProviderId> FindProvider(const RuleSet& rules, std::string_view name) {
  for (std::size_t i = 1; i <= rules.provider_count(); ++i) {
    if (rules.provider_name(static_cast<ProviderId>(i)) == name) return static_cast<ProviderId>(i);
  }
  return std::nullopt;
}

// What to write in place of a name that the rules do not know.
Error Unknown(std::string_view flag, const std::string& value,
              const std::vector<std::string>& names) {
  const std::string near = NearestName(value, names);
  std::string hint = "; did you mean " + near + "?";
  if (near.empty()) {
    hint = "; write one of ";
    for (const std::string& name : names) hint.append(&name == &names[0] ? "" : ", ").append(name);
  }
  return Error{std::string(flag) + ": there is no `" + value + "`" + hint};
}

std::vector<std::string> OutcomeNames() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kOutcomeCount; ++i)
    names.emplace_back(OutcomeName(static_cast<Outcome>(i)));
  return names;
}

// A domain as people write it, as reports have it: "@Bücher.example." is xn--bcher-kva.example.
std::string WrittenDomain(std::string_view written) {
  if (written.starts_with('@')) written.remove_prefix(1);
  std::string label = DomainLabel(written);
  return label == kInvalidLabel ? LowerCase(written) : label;
}

// Is it `domain`, which is in lower case, or a subdomain?
bool IsWithinPlain(std::string_view name, std::string_view domain) {
  if (name.size() < domain.size()) return false;
  const std::size_t before = name.size() - domain.size();
  if (before != 0 && name[before - 1] != '.') return false;
  return StartsWithNoCase(name.substr(before), domain);
}

// `name` as a log has it: of one place in several forms, which a report counts as one.
bool IsWithin(std::string_view name, std::string_view domain) {
  if (IsWithinPlain(name, domain)) return true;
  const bool plain = !name.ends_with('.') && IsAscii(name);
  return !plain && IsWithinPlain(DomainLabel(name), domain);
}

}  // namespace

Result<EventFilter> EventFilter::Make(const FilterWords& words, const RuleSet& rules) {
  EventFilter filter;
  if (words.domain.rfind('@') != std::string::npos && words.domain.rfind('@') != 0) {
    return Error{"--domain: `" + words.domain + "` is an address; write its domain, `" +
                 words.domain.substr(words.domain.rfind('@') + 1) + "`"};
  }
  filter.domain_ = WrittenDomain(words.domain);
  const std::size_t at = words.sender.rfind('@');
  filter.wants_address_ = at != std::string::npos && at != 0;
  filter.sender_ = words.sender == "<>"    ? "null"
                   : filter.wants_address_ ? LowerCase(words.sender)
                                           : WrittenDomain(words.sender);
  if (!words.provider.empty()) {
    filter.provider_ = FindProvider(rules, words.provider);
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= rules.provider_count(); ++i) {
      names.emplace_back(rules.provider_name(static_cast<ProviderId>(i)));
    }
    if (!filter.provider_) return Unknown("--provider", words.provider, names);
  }
  if (!words.cause.empty()) {
    filter.cause_ = rules.FindCause(words.cause);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < rules.cause_count(); ++i) {
      names.emplace_back(rules.cause_name(static_cast<CauseId>(i)));
    }
    if (!filter.cause_) return Unknown("--cause", words.cause, names);
  }
  const std::vector<std::string> outcomes = OutcomeNames();
  for (const std::string& word : words.outcomes) {
    const auto name = std::ranges::find(outcomes, word);
    if (name == outcomes.end()) return Unknown("--outcome", word, outcomes);
    filter.outcomes_.set(static_cast<std::size_t>(name - outcomes.begin()));
  }
  return filter;
}

bool EventFilter::Holds(const DeliveryEvent& event, const Verdict& verdict) const {
  if (outcomes_.any() && !outcomes_.test(static_cast<std::size_t>(event.outcome))) return false;
  if (provider_ && verdict.provider != *provider_) return false;
  const bool failure = event.outcome != Outcome::kDelivered;
  if (cause_ && (!failure || verdict.cause != *cause_)) return false;
  if (!sender_.empty() && !HoldsSender(event.message)) return false;
  return domain_.empty() || IsWithin(event.recipient_domain, domain_);
}

bool EventFilter::HoldsSender(const MessageFacts& message) const {
  if (wants_address_) {
    return message.sender.size() == sender_.size() && StartsWithNoCase(message.sender, sender_);
  }
  return IsWithin(SenderDomain(message), sender_);
}

}  // namespace bouncesight
