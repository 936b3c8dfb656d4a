#include "rules/rule_compiler.h"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_set>

#include "parsers/text/hash.h"
#include "rules/catalog_image.h"
#include "rules/name_list.h"
#include "rules/near_name.h"
#include "rules/pattern_expand.h"
#include "rules/pattern_table.h"
#include "rules/reply_text.h"
#include "rules/rule_lint.h"

namespace bouncesight {
namespace {

constexpr std::string_view kProvidersFile = "providers.yaml";
constexpr std::string_view kBlocklistsFile = "blocklists.yaml";

std::uint16_t LengthOf(const Expression& expression) {
  std::optional<unsigned> width = expression.width;
  if (!width) {
    const Result<PatternFacts> facts = InspectPattern(expression.text);
    width = facts ? facts->min_width : 0;
  }
  return static_cast<std::uint16_t>(std::min(*width, 0xffffU));
}

std::string Where(const Rule& rule) { return rule.file + ":" + std::to_string(rule.line) + ": "; }

class Compiler {
 public:
  explicit Compiler(Databases databases) : databases_(databases) {}

  CompileResult Run(const RuleSources& sources) {
    result_.compiled = std::make_unique<CompiledRules>();
    out_ = result_.compiled.get();
    out_->fingerprint = 0;
    for (const RuleText& file : sources.operator_files) ReadRules(file, true);
    own_count_ = result_.rules.size();
    const bool restored = Restore(sources.image);
    if (!restored) {
      const std::uint64_t own = std::exchange(out_->fingerprint, 0);
      for (const RuleText& file : sources.catalog) ReadCatalogFile(file);
      out_->fingerprint ^= own;
    }
    CheckIds();
    AddImpliedProviders();
    CheckBlocklists();
    out_->providers = ProviderTable(std::move(providers_));
    for (std::size_t i = 0; i < result_.rules.size(); ++i) AddFacts(i);
    AddZones();
    if (!restored) CompileCatalog();
    SettleAdvice();
    for (std::size_t i = 0; i < own_count_; ++i) AddPatterns(i);
    CompileTables(true);
    return std::move(result_);
  }

 private:
  // The catalogue out of its compiled form: all that CompileCatalog does, and the reading before.
  bool Restore(std::string_view image) {
    std::optional<CatalogImage> catalog = ReadCatalogImage(image);
    if (!catalog) return false;
    Append(catalog->rules, result_.rules);
    providers_ = std::move(catalog->providers);
    out_->blocklists = std::move(catalog->blocklists);
    out_->names = std::move(catalog->names);
    out_->advice = std::move(catalog->advice);
    out_->words = std::move(catalog->words);
    out_->links = std::move(catalog->links);
    for (PatternTable* table : {&out_->words, &out_->links}) {
      for (PatternRef& ref : table->refs) {
        if (ref.owner == PatternOwner::kRule) ref.index += static_cast<std::uint32_t>(own_count_);
      }
    }
    out_->fingerprint ^= catalog->fingerprint;
    providers_file_ = kProvidersFile;
    blocklists_file_ = kBlocklistsFile;
    return true;
  }

  // Of patterns, by id: "FILE:LINE: NAME".
  using Places = std::unordered_map<std::size_t, std::string>;

  // What does not depend on operators' files comes first, and so has the same numbers whether it
  // was compiled or restored.
  void CompileCatalog() {
    typical_ = WordsOfExamples(std::span(result_.rules).subspan(own_count_));
    for (std::size_t i = own_count_; i < result_.rules.size(); ++i) AddPatterns(i);
    AddProviderPatterns();
    AddBlocklistPatterns();
    AddNames();
    CompileTables(false);
    typical_ = {};  // operators' rules are compiled without, as where the catalogue was restored
  }

  void ReadCatalogFile(const RuleText& file) {
    if (file.name.ends_with(kProvidersFile)) {
      Take(ParseProviders(file.name, file.text), providers_, file);
      providers_file_ = file.name;
    } else if (file.name.ends_with(kBlocklistsFile)) {
      Take(ParseBlocklists(file.name, file.text), out_->blocklists, file);
      blocklists_file_ = file.name;
    } else if (file.name.ends_with("/names.yaml") || file.name == "names.yaml") {
      Take(ParseNames(file.name, file.text), out_->names, file);
    } else if (file.name.ends_with("advice.yaml")) {
      Take(ParseAdvice(file.name, file.text), advice_, file);
      advice_file_ = file.name;
    } else {
      ReadRules(file, false);
    }
  }

  template <typename T>
  void Take(Result<std::vector<T>> read, std::vector<T>& into, const RuleText& file) {
    AddToFingerprint(file);
    if (read) {
      into = std::move(*read);
    } else {
      result_.errors.push_back(read.error().message);
    }
  }

  void AddToFingerprint(const RuleText& file) {
    out_->fingerprint = HashBytes(file.text, HashBytes(file.name, out_->fingerprint));
  }

  void ReadRules(const RuleText& file, bool is_operator) {
    AddToFingerprint(file);
    RuleFile read = ParseRuleFile(file.name, file.text, is_operator, out_->extra_causes);
    std::move(read.errors.begin(), read.errors.end(), std::back_inserter(result_.errors));
    std::move(read.rules.begin(), read.rules.end(), std::back_inserter(result_.rules));
    // A file of the catalogue makes its provider known, in place of a row in providers.yaml.
    for (const NameUse& use : read.provider_uses) {
      if (!is_operator) implied_providers_.push_back(use.name);
    }
    if (is_operator) Append(read.provider_uses, provider_uses_);
    Append(read.blocklist_uses, blocklist_uses_);
    Append(read.providers, own_providers_);
    Append(read.blocklists, own_blocklists_);
  }

  template <typename T>
  static void Append(std::vector<T>& from, std::vector<T>& to) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  }

  void CheckIds() {
    std::map<std::string_view, const Rule*> seen;
    for (const Rule& rule : result_.rules) {
      const auto [other, fresh] = seen.emplace(rule.id, &rule);
      if (fresh) continue;
      const Rule& first = *other->second;
      result_.errors.push_back(Where(rule) + "id: '" + rule.id + "' is used in " + first.file +
                               ":" + std::to_string(first.line) + " already; choose another");
    }
  }

  // Providers that only rule files know have no hosts, but a name. Without providers.yaml every
  // name is good.
  void AddImpliedProviders() {
    for (const std::string& name : implied_providers_) AddProvider(name);
    known_providers_ = NamesOf(providers_, own_providers_);
    if (!providers_file_.empty()) CheckNames(provider_uses_, known_providers_, "providers");
    for (const NameUse& use : provider_uses_) own_providers_.push_back(use.name);
    for (const std::string& name : own_providers_) AddProvider(name);
  }
  void AddProvider(const std::string& name) {
    if (IsProvider(name)) return;
    Provider provider;
    provider.name = name;
    providers_.push_back(std::move(provider));
  }
  bool IsProvider(std::string_view name) const {
    return std::any_of(providers_.begin(), providers_.end(),
                       [&](const Provider& p) { return p.name == name; });
  }

  void CheckBlocklists() {
    if (blocklists_file_.empty()) return;
    CheckNames(blocklist_uses_, NamesOf(out_->blocklists, own_blocklists_), "blocklists");
  }

  template <typename T>
  static std::vector<std::string> NamesOf(const std::vector<T>& rows,
                                          const std::vector<std::string>& more) {
    std::vector<std::string> names = more;
    for (const T& row : rows) names.push_back(row.name);
    return names;
  }

  // `kind` is the key under which an operator makes a name known, and the catalogue's file.
  void CheckNames(const std::vector<NameUse>& uses, const std::vector<std::string>& known,
                  const std::string& kind) {
    for (const NameUse& use : uses) {
      if (std::find(known.begin(), known.end(), use.name) != known.end()) continue;
      const std::string near = NearestName(use.name, known);
      result_.errors.push_back(
          use.place + InQuotes(use.name) + " is not known; " +
          (near.empty() ? "take a name of " + kind + ".yaml" : "did you mean '" + near + "'?") +
          (near.empty() ? ", or list" : " Or list") +
          " a name of your own under the top-level key " + kind);
    }
  }

  void AddFacts(std::size_t index) {
    const Rule& rule = result_.rules[index];
    out_->facts.push_back(FactsOf(rule));
    if (!rule.is_code_rule()) return;
    out_->codes.Add(rule, static_cast<std::uint32_t>(index), out_->facts.back().strength);
  }

  void AddPatterns(std::size_t index) {
    const Rule& rule = result_.rules[index];
    LintedRule linted = LintRule(rule);
    const bool sound = linted.findings.empty();
    Append(linted.findings, result_.errors);
    if (!sound) return;
    const auto number = static_cast<std::uint32_t>(index);
    const PatternRef ref{PatternOwner::kRule, rule.weight, number};
    const std::string place = Where(rule) + rule.id;
    seen_.clear();
    for (const PatternTree& tree : linted.match) AddTree(false, tree, ref, place);
    seen_.clear();
    for (const PatternTree& tree : linted.link) AddTree(true, tree, ref, place);
  }

  RuleFacts FactsOf(const Rule& rule) {
    RuleFacts facts;
    facts.cause = rule.cause;
    facts.common = rule.common && rule.rank == Rank::kProvider;
    facts.strength =
        static_cast<std::uint16_t>(static_cast<int>(rule.rank) * 16 + rule.condition_count());
    facts.needs_word = !rule.match.empty();
    facts.needs_link = !rule.link.empty();
    facts.codes = rule.when.codes;
    facts.enhanced = rule.when.enhanced;
    facts.origin = rule.when.origin;
    for (const Phase phase : rule.when.phases) {
      facts.phases = static_cast<std::uint16_t>(facts.phases | 1U << static_cast<int>(phase));
    }
    for (const std::string& name : rule.when.providers) {
      const ProviderId id = out_->providers.Find(name);
      if (id == ProviderId::kNone) {
        CheckNames({{name, Where(rule) + rule.id + ": provider: "}}, known_providers_, "providers");
      }
      facts.providers.push_back(id);
    }
    if (!rule.provider.empty()) facts.provider = out_->providers.Find(rule.provider);
    facts.blocklist = BlocklistOf(rule);
    facts.has_when = !facts.codes.empty() || !facts.enhanced.empty() || facts.phases != 0 ||
                     !facts.providers.empty() || facts.origin != Origin::kUnknown;
    return facts;
  }

  std::uint16_t BlocklistOf(const Rule& rule) {
    if (rule.blocklist.empty()) return 0;
    for (std::size_t i = 0; i < out_->blocklists.size(); ++i) {
      if (out_->blocklists[i].name == rule.blocklist) return static_cast<std::uint16_t>(i + 1);
    }
    // An operator may name a list of their own.
    Blocklist list;
    list.name = rule.blocklist;
    out_->blocklists.push_back(std::move(list));
    return static_cast<std::uint16_t>(out_->blocklists.size());
  }

  void AddPattern(bool link, const std::string& pattern, const PatternRef& ref,
                  const std::string& place) {
    std::string unknown;
    AddTree(link, ParsePattern(PlaceMasks(pattern, unknown)), ref, place);
  }

  void AddTree(bool link, const PatternTree& tree, const PatternRef& ref,
               const std::string& place) {
    PatternTable& table = link ? out_->links : out_->words;
    const bool of_rule = ref.owner == PatternOwner::kRule;
    const TablePart part{link, of_rule && ref.index < own_count_};
    for (Expression& expression : ExpandPattern(tree, typical_)) {
      if (of_rule && !seen_.insert(expression.text).second) continue;
      PatternRef weighed = ref;
      if (ref.weight == 0) weighed.weight = LengthOf(expression);
      (link ? link_places_ : word_places_).emplace(table.expressions.size(), place);
      AddExpression(table, part, std::move(expression), weighed);
    }
  }

  void AddProviderPatterns() {
    for (std::size_t i = 0; i < out_->providers.size(); ++i) {
      const Provider& provider = out_->providers.at(static_cast<ProviderId>(i + 1));
      const std::string place =
          providers_file_ + ":" + std::to_string(provider.line) + ": " + provider.name;
      const PatternRef ref{PatternOwner::kProvider, 0, static_cast<std::uint32_t>(i)};
      for (const std::string& phrase : provider.phrases) {
        AddPattern(false, phrase, ref, place);
      }
      for (const std::string& link : provider.links) {
        AddPattern(true, link, ref, place);
      }
    }
  }

  void AddBlocklistPatterns() {
    for (std::size_t i = 0; i < out_->blocklists.size(); ++i) {
      const Blocklist& list = out_->blocklists[i];
      const std::string place =
          blocklists_file_ + ":" + std::to_string(list.line) + ": " + list.name;
      const PatternRef ref{PatternOwner::kBlocklist, 0, static_cast<std::uint32_t>(i)};
      for (const std::string& phrase : list.phrases) {
        AddPattern(false, phrase, ref, place);
      }
      for (const std::string& link : list.links) {
        AddPattern(true, link, ref, place);
      }
    }
  }

  void AddZones() {
    for (std::size_t i = 0; i < out_->blocklists.size(); ++i) {
      for (const std::string& zone : out_->blocklists[i].zones) {
        out_->zones.Add(zone, static_cast<std::uint16_t>(i + 1));
      }
    }
  }

  void AddNames() {
    for (std::size_t i = 0; i < out_->names.size(); ++i) {
      const PatternRef ref{PatternOwner::kName, 0, static_cast<std::uint32_t>(i)};
      AddPattern(false, EscapePattern(out_->names[i]), ref, out_->names[i]);
    }
  }

  void SettleAdvice() {
    out_->advice.resize(kBuiltinCauseCount + out_->extra_causes.size());
    for (const CauseAdvice& row : advice_) {
      if (const auto cause = FindCauseIn(out_->extra_causes, row.cause)) {
        out_->advice[static_cast<std::size_t>(*cause)] = row.advice;
      } else {
        result_.errors.push_back(advice_file_ + ":" + std::to_string(row.line) + ": cause: '" +
                                 row.cause + "' is not a cause; correct the name");
      }
    }
    for (std::size_t i = kBuiltinCauseCount; i < out_->advice.size(); ++i) {
      if (out_->advice[i].en.why.empty()) out_->advice[i] = out_->advice[0];
    }
  }

  // Those patterns that were added since the last call. Not after an error, which may be in them.
  void CompileTables(bool own) {
    if (!result_.errors.empty()) return;
    CompileTable(out_->words, false, own);
    CompileTable(out_->links, true, own);
  }

  void CompileTable(PatternTable& table, bool links, bool own) {
    const Places& places = links ? link_places_ : word_places_;
    if (const auto failure = BuildTable(table, {links, own}, databases_, typical_)) {
      result_.errors.push_back(places.at(failure->pattern) + ": pattern does not compile: " +
                               failure->what + "; make it simpler");
    }
  }

  Databases databases_;
  CompileResult result_;
  CompiledRules* out_ = nullptr;
  std::vector<Provider> providers_;
  std::vector<NameUse> provider_uses_, blocklist_uses_;
  std::vector<std::string> own_providers_, own_blocklists_;  // of operators' files
  std::vector<std::string> implied_providers_;               // of the catalogue's rule files
  std::size_t own_count_ = 0;                                // operators' rules, which come first
  std::vector<std::string> known_providers_;
  std::vector<CauseAdvice> advice_;
  std::string providers_file_;
  std::string blocklists_file_;
  std::string advice_file_;
  Places word_places_;
  Places link_places_;
  WindowCounts typical_;                  // while the catalogue is compiled
  std::unordered_set<std::string> seen_;  // of the rule at hand
};

}  // namespace

CompileResult CompileRules(const RuleSources& sources, Databases databases) {
  return Compiler(databases).Run(sources);
}

}  // namespace bouncesight
