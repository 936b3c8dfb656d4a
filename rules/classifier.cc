#include "rules/classifier.h"

#include <algorithm>
#include <array>

#include "parsers/text/ascii.h"
#include "parsers/text/utf8.h"
#include "rules/compiled_rules.h"
#include "rules/listed_address.h"
#include "rules/pattern_span.h"
#include "rules/provider_memo.h"
#include "rules/reply_scan.h"
#include "rules/text_tokens.h"

namespace bouncesight {
namespace {

constexpr std::uint32_t kNoRule = 0xffffffff;

// How a rule that holds stands among the others: rank and conditions, then the longest pattern,
// then the rule that was loaded first. The default stands below all.
struct Standing {
  std::uint16_t strength = 0;
  std::uint16_t weight = 0;
  std::uint32_t earliness = 0;

  friend auto operator<=>(const Standing&,
                          const Standing&) = default;  // NOLINT(modernize-use-nullptr)
  bool SameButForOrder(const Standing& other) const {
    return strength == other.strength && weight == other.weight;
  }
};

struct Candidate {
  std::uint32_t rule = kNoRule;
  Standing standing;
};

// Where another provider speaks, words of a common rule are as specific as any, and no more.
constexpr std::uint16_t kRankStep = 16;  // see RuleFacts::strength
std::uint16_t StrengthOf(const RuleFacts& facts, ProviderId provider) {
  const bool foreign = facts.common && provider != ProviderId::kNone && facts.provider != provider;
  return static_cast<std::uint16_t>(facts.strength - (foreign ? kRankStep : 0));
}

// More than masks, digits and signs: a person or a program said something.
bool HasWords(std::string_view words) {
  std::size_t letters = 0;  // in a row
  for (const char c : words) {
    const std::uint8_t kind = ByteClass(c);
    if (kind == kHigh) return true;
    letters = kind == kLetter ? letters + 1 : 0;
    if (letters >= 2) return true;
  }
  return false;
}

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
  explicit State(const RuleSet& rules)
      : scan(rules.compiled()), providers(rules.compiled().providers) {}

  ProviderId OfHost(std::string_view host) {
    return hosts.Of(host, [this](std::string_view name) { return providers.FindByHost(name); });
  }
  ProviderId OfDomain(std::string_view domain) {
    return domains.Of(domain,
                      [this](std::string_view name) { return providers.FindByDomain(name); });
  }
  // The host that answered, then the recipient's domain; `words` only where nobody is known to
  // speak.
  ProviderId FindProvider(const Evidence& evidence, ProviderId words) {
    if (evidence.own_refusal) return ProviderId::kNone;
    ProviderId id = OfHost(evidence.relay_host);
    if (id == ProviderId::kNone) id = OfDomain(evidence.recipient_domain);
    if (id == ProviderId::kNone && evidence.relay_host.empty()) id = words;
    return id;
  }

  ReplyScan scan;
  const ProviderTable& providers;
  ProviderMemo hosts, domains;
  std::array<char, 256> zone{};
};

Classifier::Classifier(std::shared_ptr<const RuleSet> rules)
    : rules_(std::move(rules)), state_(std::make_unique<State>(*rules_)) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

Evidence EvidenceOf(const DeliveryEvent& event) {
  return {event.reply, event.relay_host, event.relay_ip, event.recipient_domain,
          event.outcome == Outcome::kRejected};
}

namespace {

// The rules that codes alone make hold. Of a basic code only operators' rules hold against words.
template <typename Offer>
void EachCodeRule(const CompiledRules& rules, const ReplyScan& scan, const Reply& reply,
                  Offer&& offer) {
  if (const auto basic = rules.codes.OfBasic(reply.code); !basic.empty()) {
    const bool words = HasWords(scan.words());
    for (const std::uint32_t rule : basic) {
      if (!words || rules.facts[rule].strength >= kRankStep) offer(rule);
    }
  }
  rules.codes.EachOfEnhanced(reply.enhanced, offer);
}

// A provider's bare number that stands for no reason of its own, next to a list that is named and
// linked: the list tells more.
bool IsMaskingNumber(const RuleFacts& facts, std::uint32_t weight, const ReplyScan& scan) {
  constexpr std::uint32_t kLongestNumber = 12;
  if (facts.strength / kRankStep != static_cast<int>(Rank::kProvider)) return false;
  if (facts.cause != CauseId::kTryLater && facts.cause != CauseId::kPolicyRejected) return false;
  if (weight == 0 || weight > kLongestNumber || facts.needs_link) return false;
  return !scan.links().empty() && !scan.blocklist(false).empty();
}

// Calls sink(rule index, standing) for every rule that holds and stands above floor(): where only
// the best one is wanted, conditions of the others need no look.
template <typename Floor, typename Sink>
void EachCandidate(const CompiledRules& rules, const ReplyScan& scan, const Reply& reply,
                   ProviderId provider, Floor&& floor, Sink&& sink) {
  const auto offer = [&](std::uint32_t rule, std::uint32_t weight) {
    const RuleFacts& facts = rules.facts[rule];
    const int strength =
        StrengthOf(facts, provider) - (IsMaskingNumber(facts, weight, scan) ? kRankStep : 0);
    const Standing standing{static_cast<std::uint16_t>(strength),
                            static_cast<std::uint16_t>(std::min(weight, 0xffffU)),
                            0xffffffffU - rule};
    if (standing <= floor() || (facts.has_when && !WhenHolds(facts, reply, provider))) return;
    sink(rule, standing);
  };
  for (const std::uint32_t rule : scan.touched()) {
    const RuleFacts& facts = rules.facts[rule];
    const RuleHit hit = scan.hit(rule);
    if ((facts.needs_word && !hit.word) || (facts.needs_link && !hit.link)) continue;
    offer(rule, hit.weight);
  }
  if (floor().strength > rules.codes.max_strength()) return;
  EachCodeRule(rules, scan, reply, [&](std::uint32_t rule) { offer(rule, 0); });
}

}  // namespace

// A list without a name of ours goes by its zone, in lower case.
void Classifier::NameList(const Evidence& evidence, Verdict& verdict) {
  const bool domain = verdict.cause == CauseId::kDomainBlocklisted;
  const bool listed = domain || verdict.cause == CauseId::kIpBlocklisted;
  if (verdict.blocklist.empty()) verdict.blocklist = state_->scan.blocklist(domain);
  if (verdict.blocklist.empty() && listed) {
    const std::string_view zone = FindListZone(evidence.reply.text);
    std::transform(zone.begin(), zone.end(), state_->zone.begin(), ToLower);
    verdict.blocklist = {state_->zone.data(), zone.size()};
  }
  if (domain || (!listed && verdict.blocklist.empty())) return;
  if (evidence.own_refusal && !evidence.relay_ip.empty()) {
    verdict.listed_ip = evidence.relay_ip;
  } else {
    verdict.listed_ip = FindListedAddress(evidence.reply.text, evidence.relay_ip);
  }
}

Verdict Classifier::Classify(const Evidence& evidence) {
  const CompiledRules& rules = rules_->compiled();
  ReplyScan& scan = state_->scan;
  scan.Run(evidence.reply.text);
  Verdict verdict;
  const ProviderId provider = state_->FindProvider(evidence, scan.provider());
  Candidate best;
  EachCandidate(
      rules, scan, evidence.reply, provider, [&] { return best.standing; },
      [&](std::uint32_t rule, Standing standing) {
        best = {rule, standing};
      });
  verdict.provider = provider;
  if (best.rule == kNoRule) return verdict;
  const RuleFacts& facts = rules.facts[best.rule];
  verdict.cause = facts.cause;
  verdict.rule = static_cast<RuleId>(best.rule + 1);
  if (provider == ProviderId::kNone && !facts.common) {
    verdict.provider = state_->FindProvider(evidence, facts.provider);
  }
  if (facts.blocklist != 0) verdict.blocklist = rules.blocklists[facts.blocklist - 1U].name;
  if (MayNameList(facts.cause)) NameList(evidence, verdict);
  return verdict;
}

Verdict Classifier::Delivered(const Evidence& evidence) const {
  Verdict verdict;
  verdict.provider = state_->OfHost(evidence.relay_host);
  if (verdict.provider == ProviderId::kNone) {
    verdict.provider = state_->OfDomain(evidence.recipient_domain);
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

// A pattern counts bytes, so its match may begin or end within a character of several.
std::string_view WholeCharacters(std::string_view text, std::size_t begin, std::size_t end) {
  const auto goes_on = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
  };
  while (begin > 0 && goes_on(begin)) --begin;
  while (goes_on(end)) ++end;
  return text.substr(begin, end - begin);
}

// A link's match is shown as the whole link.
std::string MatchedText(const CompiledRules& rules, const ReplyScan& scan, std::uint32_t rule) {
  const RuleHit hit = scan.hit(rule);
  if (hit.word) {
    const auto span = FindSpan(rules.words.expressions.c_str(hit.word_pattern), scan.words());
    return span ? SpellMasks(WholeCharacters(scan.words(), span->first, span->second)) : "";
  }
  if (!hit.link) return "";
  const auto span = FindSpan(rules.links.expressions.c_str(hit.link_pattern), scan.links());
  if (!span) return "";
  const std::string_view links = scan.links();
  const std::size_t newline =
      span->first == 0 ? std::string_view::npos : links.rfind('\n', span->first - 1);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return std::string(links.substr(start, links.find('\n', start) - start));
}

}  // namespace

Explanation Classifier::Explain(const Evidence& evidence) {
  Explanation explanation = Weigh(evidence);
  const ReplyScan& scan = state_->scan;
  // A mask may begin within a character of several bytes.
  explanation.words = ToUtf8(SpellMasks(scan.words()));
  if (explanation.rule == RuleId::kNone) return explanation;
  const auto winner = static_cast<std::uint32_t>(explanation.rule) - 1;
  explanation.matched = ToUtf8(MatchedText(rules_->compiled(), scan, winner));
  return explanation;
}

Explanation Classifier::Weigh(const Evidence& evidence) {
  const Verdict verdict = Classify(evidence);
  const CompiledRules& rules = rules_->compiled();
  const ReplyScan& scan = state_->scan;
  Explanation explanation;
  explanation.cause = verdict.cause;
  explanation.rule = verdict.rule;
  explanation.provider = verdict.provider;
  explanation.blocklist = verdict.blocklist;
  explanation.listed_ip = verdict.listed_ip;
  if (verdict.rule == RuleId::kNone) return explanation;
  const auto winner = static_cast<std::uint32_t>(verdict.rule) - 1;
  std::vector<Candidate> losers;
  Standing best;
  EachCandidate(
      rules, scan, evidence.reply, state_->FindProvider(evidence, scan.provider()),
      [] { return Standing{}; },
      [&](std::uint32_t rule, Standing standing) {
        if (rule == winner) {
          best = standing;
        } else {
          losers.push_back({rule, standing});
        }
      });
  std::sort(losers.begin(), losers.end(),
            [](const Candidate& a, const Candidate& b) { return a.standing > b.standing; });
  const auto same = [](const Candidate& a, const Candidate& b) { return a.rule == b.rule; };
  losers.erase(std::unique(losers.begin(), losers.end(), same), losers.end());
  for (const Candidate& loser : losers) {
    const auto id = static_cast<RuleId>(loser.rule + 1);
    explanation.alternatives.push_back({id, rules.facts[loser.rule].cause,
                                        loser.standing.SameButForOrder(best),
                                        WhyLost(rules_->rule(verdict.rule), rules_->rule(id))});
  }
  return explanation;
}

}  // namespace bouncesight
