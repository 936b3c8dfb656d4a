#include "rules/rule_file.h"

#include <charconv>

#include "parsers/text/ascii.h"
#include "rules/advice_reader.h"
#include "rules/near_name.h"
#include "rules/when_reader.h"
#include "rules/yaml_reader.h"

namespace bouncesight {
namespace {

bool IsName(std::string_view text, char separator) {
  if (text.empty() || text.size() > 80) return false;
  for (const char c : text) {
    if (!IsLower(c) && !IsDigit(c) && c != separator) return false;
  }
  return true;
}

class FileReader {
 public:
  FileReader(std::string_view name, bool is_operator, std::vector<ExtraCause>& causes)
      : errors_(name), is_operator_(is_operator), causes_(causes) {}

  RuleFile Read(std::string_view text) {
    const YAML::Node document = LoadYaml(text, errors_);
    if (document.IsDefined() && !document.IsNull()) ReadDocument(document);
    file_.errors = errors_.messages();
    return std::move(file_);
  }

 private:
  void ReadDocument(const YAML::Node& document) {
    YAML::Node rules(YAML::NodeType::Undefined);
    ReadMap(
        document, "",
        {{"provider",
          [&](const YAML::Node& n) { provider_ = Use(n, "provider", file_.provider_uses); }},
         {"causes", [&](const YAML::Node& n) { ReadCauses(n); }},
         {"rules", [&](const YAML::Node& n) { rules.reset(n); }},
         {"providers", [&](const YAML::Node& n) { ReadNames(n, "providers", file_.providers); }},
         {"blocklists",
          [&](const YAML::Node& n) { ReadNames(n, "blocklists", file_.blocklists); }}},
        errors_);
    if (!rules.IsDefined()) return;
    if (!rules.IsSequence()) {
      errors_.Add(rules, "rules", "must be a list; start each rule with '- id:'");
      return;
    }
    for (const YAML::Node& node : rules) {
      const std::size_t errors_before = errors_.messages().size();
      Rule rule = ReadRule(node);
      if (errors_.messages().size() == errors_before) file_.rules.push_back(std::move(rule));
    }
  }

  // A name that something else must make known.
  std::string Use(const YAML::Node& node, std::string_view key, std::vector<NameUse>& uses) {
    std::string name = ReadText(node, key, errors_);
    const std::string place =
        errors_.file() + ":" + std::to_string(LineOf(node)) + ": " + std::string(key) + ": ";
    if (!name.empty()) uses.push_back({name, place});
    return name;
  }

  void ReadNames(const YAML::Node& node, std::string_view key, std::vector<std::string>& names) {
    if (!is_operator_) {
      errors_.Add(node, key, "only an operator's rule file may make names known");
      return;
    }
    names = ReadTexts(node, key, errors_);
    for (const std::string& name : names) {
      if (!IsName(name, '_')) errors_.Add(node, key, "must be words of a-z, 0-9 and _");
    }
  }

  void ReadCauses(const YAML::Node& list) {
    if (!is_operator_) {
      errors_.Add(list, "causes", "only an operator's rule file may define causes");
      return;
    }
    if (!list.IsSequence()) {
      errors_.Add(list, "causes", "must be a list of {name, family}");
      return;
    }
    for (const YAML::Node& node : list) ReadCause(node);
  }

  void ReadCause(const YAML::Node& node) {
    ExtraCause cause;
    ReadMap(
        node, "causes",
        {{"name", [&](const YAML::Node& n) { cause.name = ReadText(n, "name", errors_); }},
         {"family", [&](const YAML::Node& n) { cause.family = ReadText(n, "family", errors_); }}},
        errors_);
    if (!IsName(cause.name, '_') || !IsName(cause.family, '_')) {
      errors_.Add(node, "causes", "name and family must be words of a-z, 0-9 and _");
    } else if (FindCauseIn(causes_, cause.name)) {
      errors_.Add(node, "causes", "'" + cause.name + "' is known already; leave it out");
    } else {
      causes_.push_back(std::move(cause));
    }
  }

  Rule ReadRule(const YAML::Node& node) {
    Rule rule;
    rule.file = errors_.file();
    rule.line = LineOf(node);
    rule.provider = provider_;
    bool generic = false;
    ReadMap(node, "rules", RuleKeys(rule, generic), errors_);
    if (!node.IsMap()) return rule;
    if (rule.id.empty()) errors_.Add(node, "id", "is missing; give the rule a name of its own");
    if (rule.cause == CauseId::kUnclassified && !has_cause_) {
      errors_.Add(node, "cause", "is missing; rules/RULES.md lists the causes");
    }
    Settle(node, generic, rule);
    return rule;
  }

  std::vector<YamlKey> RuleKeys(Rule& rule, bool& generic) {
    has_cause_ = false;
    const auto texts = [this](std::string_view key, std::vector<std::string>& into) {
      return YamlKey{
          key, [this, key, &into](const YAML::Node& n) { into = ReadTexts(n, key, errors_); }};
    };
    const auto text = [this](std::string_view key, std::string& into) {
      return YamlKey{key,
                     [this, key, &into](const YAML::Node& n) { into = ReadText(n, key, errors_); }};
    };
    return {
        {"id", [&](const YAML::Node& n) { ReadId(n, rule); }},
        {"cause", [&](const YAML::Node& n) { ReadCauseName(n, rule); }},
        texts("match", rule.match),
        texts("link", rule.link),
        {"when", [&](const YAML::Node& n) { rule.when = ReadWhen(n, errors_); }},
        {"generic",
         [&](const YAML::Node& n) { generic = ReadBool(n, "generic", errors_).value_or(false); }},
        {"common",
         [&](const YAML::Node& n) {
           rule.common = ReadBool(n, "common", errors_).value_or(false);
         }},
        {"weight", [&](const YAML::Node& n) { ReadWeight(n, rule); }},
        {"blocklist",
         [&](const YAML::Node& n) { rule.blocklist = Use(n, "blocklist", file_.blocklist_uses); }},
        {"advice", [&](const YAML::Node& n) { rule.advice = ReadAdvice(n, errors_); }},
        texts("examples", rule.examples),
        texts("counter_examples", rule.counter_examples),
        text("source", rule.source)};
  }

  void ReadId(const YAML::Node& node, Rule& rule) {
    rule.id = ReadText(node, "id", errors_);
    if (!IsName(rule.id, '-')) {
      errors_.Add(node, "id", "must be 1 to 80 characters of a-z, 0-9 and -");
    }
  }

  void ReadWeight(const YAML::Node& node, Rule& rule) {
    const std::string text = ReadText(node, "weight", errors_);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rule.weight);
    if (error != std::errc() || end != text.data() + text.size() || rule.weight < 1 ||
        rule.weight > 1000) {
      errors_.Add(node, "weight", "must be a number from 1 to 1000; leave it out to count lengths");
    }
  }

  void ReadCauseName(const YAML::Node& node, Rule& rule) {
    has_cause_ = true;
    const std::string name = ReadText(node, "cause", errors_);
    if (const auto cause = FindCauseIn(causes_, name)) {
      rule.cause = *cause;
    } else {
      errors_.Add(node, "cause",
                  InQuotes(name) + " is not a cause; take one of rules/RULES.md" +
                      (is_operator_ ? ", or define it under the top-level key causes" : ""));
    }
  }

  void Settle(const YAML::Node& node, bool generic, Rule& rule) {
    const When& when = rule.when;
    if (rule.is_code_rule()) {
      if (when.codes.empty() && when.enhanced.empty()) {
        errors_.Add(node, rule.id, "looks at nothing; give match, link, or a code under when");
      }
      // A provider's code rule speaks of that provider's codes, not of everybody's.
      if (!provider_.empty() && when.providers.empty()) rule.when.providers = {provider_};
    }
    if (rule.common && provider_.empty()) {
      errors_.Add(node, "common", "is for the rules of a provider's file; leave it out");
    }
    if (is_operator_) {
      rule.rank = Rank::kOperator;
    } else if (rule.is_code_rule()) {
      rule.rank = when.enhanced.empty() ? Rank::kBasic : Rank::kEnhanced;
    } else if (generic) {
      rule.rank = Rank::kGeneric;
    } else {
      rule.rank = provider_.empty() ? Rank::kSpecific : Rank::kProvider;
    }
  }

  YamlErrors errors_;
  RuleFile file_;
  bool is_operator_;
  bool has_cause_ = false;
  std::vector<ExtraCause>& causes_;
  std::string provider_;
};

}  // namespace

std::optional<CauseId> FindCauseIn(const std::vector<ExtraCause>& extra, std::string_view name) {
  if (const auto builtin = FindBuiltinCause(name)) return builtin;
  for (std::size_t i = 0; i < extra.size(); ++i) {
    if (extra[i].name == name) return static_cast<CauseId>(kBuiltinCauseCount + i);
  }
  return std::nullopt;
}

RuleFile ParseRuleFile(std::string_view name, std::string_view text, bool is_operator,
                       std::vector<ExtraCause>& causes) {
  return FileReader(name, is_operator, causes).Read(text);
}

}  // namespace bouncesight
