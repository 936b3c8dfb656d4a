// The flags with which every command finds its rules, so that `report` and `explain` judge as
// `serve` does.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/rule_files.h"
#include "parsers/event/result.h"
#include "rules/rule_set.h"

namespace CLI {
class App;
}

namespace bouncesight {

struct RuleOptions {
  std::string config_file;               // empty: the default place, if there is one
  std::vector<std::string> extra_files;  // --rules: rule files of the operator's, loaded first
};

// Adds --config.file and --rules. `options` must outlive the parsing.
void AddRuleOptions(CLI::App& command, RuleOptions& options);

inline constexpr std::string_view kDefaultConfigFile = "/etc/bouncesight/bouncesight.yaml";

// `file`, or with none given the default place, or with nothing there the defaults.
// With `fs` as ParseConfig has it.
Result<Config> LoadCommandConfig(const std::string& file, FileSystem* fs = nullptr);

// Where these flags and the configuration say that rules are.
RuleLocations LocationsOf(const RuleOptions& options, const Config& config);

Result<std::shared_ptr<const RuleSet>> LoadCommandRules(const RuleOptions& options);

// What a command does with its rules; gives the exit code.
using RuleWork = std::function<Result<int>(const std::shared_ptr<const RuleSet>& rules)>;

// Loads the rules, does the work, and says on stderr what failed. Gives the exit code: rules that
// cannot be used are kExitBadConfig, an Error of the work is kExitFailed.
int RunWithRules(const RuleOptions& options, const RuleWork& work);

}  // namespace bouncesight
