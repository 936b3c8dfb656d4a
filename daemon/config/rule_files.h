// Brings rule files from disk to the rules library, which takes texts and knows no paths.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "parsers/event/result.h"
#include "rules/rule_set.h"

namespace bouncesight {

// Where rules come from: the keys of `rules:` in the configuration.
struct RuleLocations {
  // Operators' files and patterns such as /etc/bouncesight/rules.d/*.yaml, whose matches are taken
  // in the order of their names. A pattern may match nothing; a plain path must exist.
  std::vector<std::string> files;
  // A folder with a catalogue that replaces the built-in one. Empty: the built-in one.
  std::string catalog;
};

// The texts, and views of them as the rules library takes them. Movable; the views stay good.
class RuleTexts {
 public:
  static Result<RuleTexts> Read(const RuleLocations& locations);

  // Valid as long as this object.
  RuleSources sources() const;

 private:
  struct File {
    std::string path;
    std::string text;
  };
  std::vector<File> operator_files_;
  std::vector<File> catalog_;  // empty: the built-in one
};

// Reads, lints and compiles; the built-in catalogue comes in its compiled form.
Result<std::shared_ptr<const RuleSet>> LoadRules(const RuleLocations& locations);

}  // namespace bouncesight
