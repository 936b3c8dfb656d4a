#include "rules/rule_check.h"

#include <algorithm>
#include <array>

#include "parsers/reason/reason.h"
#include "parsers/text/ascii.h"
#include "rules/catalog_image.h"
#include "rules/classifier.h"
#include "rules/compiled_rules.h"
#include "rules/reply_text.h"
#include "rules/rule_compiler.h"
#include "rules/rule_lint.h"

namespace bouncesight {
namespace {

// A pattern that alone makes a database of this size slows start and scan.
constexpr std::size_t kLargestPatternBytes = 128 * 1024;

// "ib103", 's31[45]0', 'ofr_\d\d\d': a letter, then a digit, with a sign between them or not.
bool HoldsCode(std::string_view pattern) {
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '\\') {
      ++at;
      continue;
    }
    if (!IsLetter(pattern[at])) continue;
    std::size_t next = at + 1;
    if (next < pattern.size() && pattern[next] == '\\' && next + 1 < pattern.size() &&
        !IsLetter(pattern[next + 1])) {
      ++next;
    }
    if (next < pattern.size() && std::string_view("-_(").find(pattern[next]) != std::string::npos) {
      ++next;
    }
    const std::string_view rest = pattern.substr(std::min(next, pattern.size()));
    const bool number = !rest.empty() && IsDigit(rest[0]);
    const bool in_class = rest.size() > 1 && rest[0] == '[' && IsDigit(rest[1]);
    if (number || in_class || rest.starts_with("\\d")) return true;
  }
  return false;
}

// Its name, or one of the words that providers.yaml gives it.
bool HoldsOwnWord(const std::string& pattern, const Provider& provider) {
  std::string spaced = provider.name;
  std::string joined;
  for (char& c : spaced) {
    if (c == '_') c = ' ';
    if (c != ' ') joined += c;
  }
  const auto holds = [&](const std::string& word) { return pattern.find(word) != pattern.npos; };
  return holds(spaced) || holds(joined) ||
         std::any_of(provider.words.begin(), provider.words.end(), holds);
}

class ExampleCheck {
 public:
  // `all_slow`: look for slow patterns in the catalogue, too; else in operators' rules alone.
  ExampleCheck(std::shared_ptr<const RuleSet> rules, bool all_slow)
      : rules_(std::move(rules)), classifier_(rules_), all_slow_(all_slow) {}

  std::vector<Finding> Run() {
    for (std::size_t i = 0; i < rules_->rule_count(); ++i) {
      CheckRule(static_cast<RuleId>(i + 1));
    }
    CheckSpeed();
    CheckAdvice();
    return std::move(findings_);
  }

 private:
  void CheckRule(RuleId id) {
    const Rule& rule = rules_->rule(id);
    CheckOwnWords(rule);
    CheckEdges(rule, rule.match);
    CheckEdges(rule, rule.link);
    std::size_t won = 0;
    std::size_t held = 0;
    RuleId rival = RuleId::kNone;
    for (const std::string& example : rule.examples) {
      const Explanation seen = Explain(rule, example);
      if (seen.rule == id) {
        ++won;
        NoteConflict(id, example, seen);
        continue;
      }
      if (OverruledOnPurpose(rule, seen.rule)) {
        ++won;
        continue;
      }
      rival = seen.rule;
      for (const Alternative& other : seen.alternatives) held += other.rule == id ? 1U : 0U;
      // A more special rule that says the same is not a fault of this one, so long as it wins
      // others.
      if (seen.cause == rule.cause) continue;
      Add(FindingKind::kExample, rule, "example is won by " + NameOf(seen.rule) + ": " + example);
    }
    if (won == 0 && held > 0) {
      Add(FindingKind::kShadowed, rule,
          "wherever it holds, " + NameOf(rival) + " wins; make it more specific or remove it");
    } else if (won == 0) {
      Add(FindingKind::kDead, rule, "wins on no example; correct its patterns or its examples");
    }
    for (const std::string& example : rule.counter_examples) {
      if (Explain(rule, example).rule == id) {
        Add(FindingKind::kCounterExample, rule, "counter-example is won by the rule: " + example);
      }
    }
  }

  void CheckEdges(const Rule& rule, const std::vector<std::string>& patterns) {
    for (const std::string& pattern : patterns) {
      const std::string fault = EdgeFault(pattern);
      if (!fault.empty()) Add(FindingKind::kEdge, rule, "'" + pattern + "' " + fault);
    }
  }

  // A link, a code or a word of its own: else the words are anybody's, and must not name it.
  void CheckOwnWords(const Rule& rule) {
    const When& when = rule.when;
    if (rule.provider.empty() || rule.rank != Rank::kProvider || rule.common ||
        rule.match.empty() || !rule.link.empty() || !when.providers.empty()) {
      return;
    }
    const auto numbered = [](const EnhancedPattern& p) {
      return p.detail >= 100 && p.detail != EnhancedPattern::kAny;
    };
    if (!when.enhanced.empty() &&
        std::all_of(when.enhanced.begin(), when.enhanced.end(), numbered)) {
      return;
    }
    const ProviderTable& table = rules_->compiled().providers;
    const Provider& provider = table.at(table.Find(rule.provider));
    for (const std::string& pattern : rule.match) {
      if (HoldsCode(pattern) || HoldsOwnWord(pattern, provider)) continue;
      Add(FindingKind::kProvider, rule,
          "'" + pattern + "' is anybody's; ask for a link, code or word of " + provider.name +
              ", for when: {provider: " + provider.name + "}, or say common: true");
    }
  }

  // An operator's rule is there to win over the catalogue.
  bool OverruledOnPurpose(const Rule& rule, RuleId winner) const {
    return winner != RuleId::kNone && rule.rank != Rank::kOperator &&
           rules_->rule(winner).rank == Rank::kOperator;
  }

  // What an example cannot say, the rule's own conditions do: who is spoken to, and where in the
  // session.
  Explanation Explain(const Rule& rule, const std::string& example) {
    Reason reason = ParseReason(example);
    const When& when = rule.when;
    if (reason.reply.phase == Phase::kUnknown && !when.phases.empty()) {
      reason.reply.phase = when.phases.front();
    }
    if (when.origin != Origin::kUnknown) reason.reply.origin = when.origin;
    std::string_view host = reason.remote_host;
    if (!when.providers.empty()) host = HostOf(when.providers.front());
    return classifier_.Weigh({reason.reply, host, reason.remote_ip, {}});
  }

  std::string_view HostOf(const std::string& provider) const {
    const ProviderTable& table = rules_->compiled().providers;
    const ProviderId id = table.Find(provider);
    if (id == ProviderId::kNone || table.at(id).hosts.empty()) return {};
    return table.at(id).hosts.front();
  }

  // Only the order of loading decides between two rules: nobody meant that.
  void NoteConflict(RuleId id, const std::string& example, const Explanation& seen) {
    const Rule& rule = rules_->rule(id);
    for (const Alternative& other : seen.alternatives) {
      if (other.cause == seen.cause || !other.tie) continue;
      Add(FindingKind::kConflict, rule,
          "only its place in the files lets it win over " + NameOf(other.rule) +
              "; lengthen one pattern: " + example);
    }
  }

  void CheckSpeed() {
    for (const PatternTable* table : {&rules_->compiled().words, &rules_->compiled().links}) {
      CheckSpeed(*table, table->in_own_database);
      if (all_slow_) CheckSpeed(*table, table->in_database);
    }
  }

  // What phrases find is always cheap. Of the rest each pattern is compiled alone.
  void CheckSpeed(const PatternTable& table, const std::vector<unsigned>& patterns) {
    for (const unsigned pattern : patterns) {
      const PatternRef& ref = table.refs[pattern];
      if (ref.owner != PatternOwner::kRule) continue;
      PatternDb alone;
      ExpressionList text;
      text.Add(table.expressions[pattern]);
      if (!alone.Compile(text, {0}) && alone.size_bytes() <= kLargestPatternBytes) continue;
      Add(FindingKind::kSlow, rules_->rule(static_cast<RuleId>(ref.index + 1)),
          "costs much to scan; use fewer repeats: " + SpellMasks(table.expressions[pattern]));
    }
  }

  void CheckAdvice() {
    for (std::size_t i = 0; i < rules_->cause_count(); ++i) {
      const auto cause = static_cast<CauseId>(i);
      const Advice advice = rules_->advice(cause, RuleId::kNone);
      if (advice.en.why.empty() || advice.en.steps.empty() || advice.zh.why.empty() ||
          advice.zh.steps.empty()) {
        findings_.push_back(
            {FindingKind::kAdvice, "advice.yaml: " + std::string(rules_->cause_name(cause)) +
                                       ": has no advice in both languages; add why and steps"});
      }
    }
  }

  std::string NameOf(RuleId id) const {
    if (id == RuleId::kNone) return "no rule";
    return std::string(rules_->rule_name(id)) + " (" +
           std::string(rules_->cause_name(rules_->rule(id).cause)) + ")";
  }

  void Add(FindingKind kind, const Rule& rule, const std::string& what) {
    std::string message =
        rule.file + ":" + std::to_string(rule.line) + ": " + rule.id + ": " + what;
    for (char& c : message) {
      if (c == '\n' || c == '\r') c = ' ';
    }
    findings_.push_back({kind, std::move(message)});
  }

  std::shared_ptr<const RuleSet> rules_;
  Classifier classifier_;
  bool all_slow_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string_view FindingKindName(FindingKind kind) {
  constexpr std::array<std::string_view, 10> kNames = {
      "error",    "example", "counter-example", "dead",   "shadowed",
      "conflict", "slow",    "provider",        "advice", "edge"};
  return kNames.at(static_cast<std::size_t>(kind));
}

namespace {

std::vector<Finding> ErrorsOf(std::vector<std::string> errors) {
  std::vector<Finding> findings;
  findings.reserve(errors.size());
  for (std::string& error : errors) {
    findings.push_back({FindingKind::kError, std::move(error)});
  }
  return findings;
}

std::shared_ptr<const RuleSet> SetOf(CompileResult result) {
  return std::make_shared<RuleSet>(std::move(result.rules), std::move(result.compiled));
}

// Nothing: the compiled catalogue is what its texts say.
std::vector<Finding> CheckImage(const RuleSources& sources) {
  RuleSources texts;
  texts.catalog = sources.catalog;
  CompileResult result = CompileRules(texts, Databases::kNone);
  if (!result.errors.empty()) return ErrorsOf(std::move(result.errors));
  if (IsImageOf(sources.image, *SetOf(std::move(result)))) return {};
  return {{FindingKind::kError,
           "the compiled catalogue differs from its texts; install the program anew"}};
}

}  // namespace

CheckedRules CheckRules(const RuleSources& sources) {
  CheckedRules checked;
  if (!sources.image.empty()) checked.findings = CheckImage(sources);
  if (!checked.findings.empty()) return checked;
  CompileResult result = CompileRules(sources);
  checked.findings = ErrorsOf(std::move(result.errors));
  if (!checked.findings.empty()) return checked;
  checked.rules = SetOf(std::move(result));
  checked.findings = ExampleCheck(checked.rules, sources.image.empty()).Run();
  return checked;
}

std::vector<Finding> CheckExamples(std::shared_ptr<const RuleSet> rules) {
  return ExampleCheck(std::move(rules), false).Run();
}

}  // namespace bouncesight
