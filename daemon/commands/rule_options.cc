#include "daemon/commands/rule_options.h"

#include <filesystem>
#include <utility>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/terminal.h"

namespace bouncesight {

void AddRuleOptions(CLI::App& command, RuleOptions& options) {
  command.add_option("--config.file", options.config_file, "The configuration, for its rules: key")
      ->default_str(std::string(kDefaultConfigFile));
  command
      .add_option("--rules", options.extra_files,
                  "A rule file of your own, loaded before the others; may be repeated")
      ->allow_extra_args(false);  // else it would take the text or files behind it, too
}

Result<Config> LoadCommandConfig(const std::string& file, FileSystem* fs) {
  if (!file.empty()) return LoadConfig(file, fs);
  const std::string standard(kDefaultConfigFile);
  std::error_code unknown;  // whether there is one: to read it will tell why
  return std::filesystem::exists(standard, unknown) || unknown ? LoadConfig(standard, fs)
                                                               : Result<Config>(Config{});
}

RuleLocations LocationsOf(const RuleOptions& options, const Config& config) {
  RuleLocations locations{.files = config.rules.files, .catalog = config.rules.catalog};
  locations.files.insert(locations.files.begin(), options.extra_files.begin(),
                         options.extra_files.end());
  return locations;
}

Result<std::shared_ptr<const RuleSet>> LoadCommandRules(const RuleOptions& options) {
  const Result<Config> config = LoadCommandConfig(options.config_file);
  if (!config) return config.error();
  return LoadRules(LocationsOf(options, *config));
}

int RunWithRules(const RuleOptions& options, const RuleWork& work) {
  const Result<std::shared_ptr<const RuleSet>> rules = LoadCommandRules(options);
  if (!rules) {
    PrintError(rules.error().message);
    return kExitBadConfig;
  }
  // The process ends with its command. To take the rules apart again, string by string, is a sixth
  // of what a short command does; so they stay, until a test's next command.
  static const std::shared_ptr<const RuleSet>* kept = nullptr;
  delete std::exchange(kept, new std::shared_ptr<const RuleSet>(*rules));
  const Result<int> done = work(*kept);
  if (done) return *done;
  PrintError(done.error().message);
  return kExitFailed;
}

}  // namespace bouncesight
