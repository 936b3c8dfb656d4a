#include "rules/classifier.h"

#include <algorithm>
#include <array>

#include "rules/compiled_rules.h"
#include "rules/listed_address.h"
#include "rules/reply_scan.h"

namespace bouncesight {
namespace {

constexpr std::uint32_t kNoRule = 0xffffffff;

// Rank and conditions, then the longest pattern, then the rule that was loaded first.
struct Candidate {
  std::uint32_t rule = kNoRule;
  std::uint64_t key = 0;
};

bool WhenHolds(const RuleFacts& facts, const Reply& reply, ProviderId provider) {
  if (facts.origin != Origin::kUnknown && facts.origin != reply.origin) return false;
  if (facts.phases != 0 && (facts.phases >> static_cast<int>(reply.phase) & 1U) == 0) return false;
  const auto holds_code = [&](const CodeRange& range) {
    return reply.code >= range.first && reply.code <= range.last;
  };
  if (!facts.codes.empty() && std::none_of(facts.codes.begin(), facts.codes.end(), holds_code)) {
    return false;
  }
  const auto holds_enhanced = [&](const EnhancedPattern& p) { return p.Matches(reply.enhanced); };
  if (!facts.enhanced.empty() &&
      std::none_of(facts.enhanced.begin(), facts.enhanced.end(), holds_enhanced)) {
    return false;
  }
  return facts.providers.empty() ||
         (provider != ProviderId::kNone && std::find(facts.providers.begin(), facts.providers.end(),
                                                     provider) != facts.providers.end());
}

// Lists are named where a list can be the reason; elsewhere a link to one is a footnote.
bool MayNameList(CauseId cause) {
  switch (cause) {
    case CauseId::kIpBlocklisted:
    case CauseId::kDomainBlocklisted:
    case CauseId::kPoorReputation:
    case CauseId::kClientBlocked:
      return true;
    default:
      return false;
  }
}

}  // namespace

struct Classifier::State {
  explicit State(const RuleSet& rules) : scan(rules.compiled()) {}

  ReplyScan scan;
  std::array<char, 256> zone{};
};

Classifier::Classifier(std::shared_ptr<const RuleSet> rules)
    : rules_(std::move(rules)), state_(std::make_unique<State>(*rules_)) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

Evidence EvidenceOf(const DeliveryEvent& event) {
  return {event.reply, event.relay_host, event.relay_ip, event.recipient_domain};
}

namespace {

// What is known of the provider before a rule has won: host, domain, then the reply's own words.
ProviderId FindProvider(const CompiledRules& rules, const Evidence& evidence,
                        const ReplyScan& scan) {
  ProviderId id = rules.providers.FindByHost(evidence.relay_host);
  if (id == ProviderId::kNone) id = scan.provider();
  if (id == ProviderId::kNone) id = rules.providers.FindByDomain(evidence.recipient_domain);
  return id;
}

// Calls sink(rule index, key) for every rule that holds and whose key is above floor(): where only
// the best one is wanted, conditions of the others need no look.
template <typename Floor, typename Sink>
void EachCandidate(const CompiledRules& rules, const ReplyScan& scan, const Reply& reply,
                   ProviderId provider, Floor&& floor, Sink&& sink) {
  const auto key_of = [&](std::uint32_t rule, std::uint64_t weight) {
    return static_cast<std::uint64_t>(rules.facts[rule].strength) << 48 | weight << 32 |
           (0xffffffffU - rule);
  };
  for (const std::uint32_t rule : scan.touched()) {
    const RuleFacts& facts = rules.facts[rule];
    const RuleHit hit = scan.hit(rule);
    if ((facts.needs_word && !hit.word) || (facts.needs_link && !hit.link)) continue;
    const std::uint64_t key = key_of(rule, std::min<std::uint64_t>(hit.weight, 0xffff));
    if (key <= floor() || (facts.has_when && !WhenHolds(facts, reply, provider))) continue;
    sink(rule, key);
  }
  const auto offer = [&](const std::vector<std::uint32_t>& list) {
    for (const std::uint32_t rule : list) {
      const std::uint64_t key = key_of(rule, 0);
      if (key > floor() && WhenHolds(rules.facts[rule], reply, provider)) sink(rule, key);
    }
  };
  if (floor() >> 48 > rules.codes.max_strength) return;
  if (reply.code < rules.codes.basic.size()) offer(rules.codes.basic[reply.code]);
  if (!reply.enhanced.present() || rules.codes.enhanced.empty()) return;
  const EnhancedCode code = reply.enhanced;
  for (const std::uint16_t subject : {code.subject, EnhancedPattern::kAny}) {
    for (const std::uint16_t detail : {code.detail, EnhancedPattern::kAny}) {
      const auto found = rules.codes.enhanced.find(EnhancedKey(code.status_class, subject, detail));
      if (found != rules.codes.enhanced.end()) offer(found->second);
    }
  }
}

}  // namespace

// A list without a name of ours goes by its zone, in lower case.
void Classifier::NameList(const Evidence& evidence, Verdict& verdict) {
  const bool domain = verdict.cause == CauseId::kDomainBlocklisted;
  const bool listed = domain || verdict.cause == CauseId::kIpBlocklisted;
  if (verdict.blocklist.empty()) verdict.blocklist = state_->scan.blocklist(domain);
  if (verdict.blocklist.empty() && listed) {
    const std::string_view zone = FindListZone(evidence.reply.text);
    std::transform(zone.begin(), zone.end(), state_->zone.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    verdict.blocklist = {state_->zone.data(), zone.size()};
  }
  if (!domain && (listed || !verdict.blocklist.empty())) {
    verdict.listed_ip = FindListedAddress(evidence.reply.text, evidence.relay_ip);
  }
}

Verdict Classifier::Classify(const Evidence& evidence) {
  const CompiledRules& rules = rules_->compiled();
  ReplyScan& scan = state_->scan;
  scan.Run(evidence.reply.text);
  Verdict verdict;
  const ProviderId provider = FindProvider(rules, evidence, scan);
  Candidate best;
  EachCandidate(
      rules, scan, evidence.reply, provider, [&] { return best.key; },
      [&](std::uint32_t rule, std::uint64_t key) {
        best = {rule, key};
      });
  verdict.provider = provider;
  if (best.rule == kNoRule) return verdict;
  const RuleFacts& facts = rules.facts[best.rule];
  verdict.cause = facts.cause;
  verdict.rule = static_cast<RuleId>(best.rule + 1);
  // A phrase that several providers use must not rename the one whose host has answered.
  if (facts.provider != ProviderId::kNone &&
      rules.providers.FindByHost(evidence.relay_host) == ProviderId::kNone) {
    verdict.provider = facts.provider;
  }
  if (facts.blocklist != 0) verdict.blocklist = rules.blocklists[facts.blocklist - 1U].name;
  if (MayNameList(facts.cause)) NameList(evidence, verdict);
  return verdict;
}

Verdict Classifier::Delivered(const Evidence& evidence) const {
  const ProviderTable& providers = rules_->compiled().providers;
  Verdict verdict;
  verdict.provider = providers.FindByHost(evidence.relay_host);
  if (verdict.provider == ProviderId::kNone) {
    verdict.provider = providers.FindByDomain(evidence.recipient_domain);
  }
  return verdict;
}

namespace {

std::string WhyLost(const Rule& winner, const Rule& loser) {
  if (loser.rank != winner.rank) {
    return "lower rank: " + std::string(RankName(loser.rank)) + ", not " +
           std::string(RankName(winner.rank));
  }
  if (loser.condition_count() != winner.condition_count()) return "fewer conditions";
  return "shorter pattern, or loaded later";
}

// A link's match is shown as the whole link.
std::string MatchedText(const CompiledRules& rules, const ReplyScan& scan, std::uint32_t rule) {
  const RuleHit hit = scan.hit(rule);
  if (hit.word) {
    const auto span = FindSpan(rules.words.expressions[hit.word_pattern], scan.words());
    return span ? SpellMasks(scan.words().substr(span->first, span->second - span->first)) : "";
  }
  if (!hit.link) return "";
  const auto span = FindSpan(rules.links.expressions[hit.link_pattern], scan.links());
  if (!span) return "";
  const std::string_view links = scan.links();
  const std::size_t newline =
      span->first == 0 ? std::string_view::npos : links.rfind('\n', span->first - 1);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return std::string(links.substr(start, links.find('\n', start) - start));
}

}  // namespace

Explanation Classifier::Explain(const Evidence& evidence) {
  const Verdict verdict = Classify(evidence);
  const CompiledRules& rules = rules_->compiled();
  const ReplyScan& scan = state_->scan;
  Explanation explanation;
  explanation.cause = verdict.cause;
  explanation.rule = verdict.rule;
  explanation.provider = verdict.provider;
  explanation.blocklist = verdict.blocklist;
  explanation.listed_ip = verdict.listed_ip;
  explanation.words = SpellMasks(scan.words());
  if (verdict.rule == RuleId::kNone) return explanation;
  const auto winner = static_cast<std::uint32_t>(verdict.rule) - 1;
  explanation.matched = MatchedText(rules, scan, winner);
  std::vector<Candidate> losers;
  std::uint64_t best = 0;
  EachCandidate(
      rules, scan, evidence.reply, FindProvider(rules, evidence, scan),
      [] { return std::uint64_t{0}; },
      [&](std::uint32_t rule, std::uint64_t key) {
        if (rule == winner) {
          best = key;
        } else {
          losers.push_back({rule, key});
        }
      });
  std::sort(losers.begin(), losers.end(),
            [](const Candidate& a, const Candidate& b) { return a.key > b.key; });
  const auto same = [](const Candidate& a, const Candidate& b) { return a.rule == b.rule; };
  losers.erase(std::unique(losers.begin(), losers.end(), same), losers.end());
  for (const Candidate& loser : losers) {
    const auto id = static_cast<RuleId>(loser.rule + 1);
    explanation.alternatives.push_back({id, rules.facts[loser.rule].cause,
                                        loser.key >> 32 == best >> 32,
                                        WhyLost(rules_->rule(verdict.rule), rules_->rule(id))});
  }
  return explanation;
}

}  // namespace bouncesight
