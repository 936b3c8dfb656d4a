#include "daemon/config/rule_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/system/path_glob.h"
#include "daemon/system/small_file.h"

namespace bouncesight {
namespace {

namespace fs = std::filesystem;

// The whole catalogue is a sixth of this. More is not a rule file, and would compile for minutes.
constexpr std::uint64_t kMaxRuleFile = 4U << 20;

Result<std::string> ReadText(const std::string& path) {
  auto text = ReadSmallFile(path, kMaxRuleFile);
  if (text) return text;
  std::error_code none;
  if (fs::is_directory(path, none))
    return Error{path + ": is a folder; name the rule files in it, as in " + path + "/*.yaml"};
  return Error{text.error().message + "; name a rule file that this user may read"};
}

// Every *.yaml below `folder`, by name.
Result<std::vector<std::string>> CatalogPaths(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (it->path().extension() == ".yaml") paths.push_back(it->path().string());
  }
  if (failed) return Error{folder + ": cannot read the rule catalogue: " + failed.message()};
  if (paths.empty())
    return Error{folder +
                 ": holds no rule files; remove rules.catalog to use the built-in catalogue"};
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

Result<RuleTexts> RuleTexts::Read(const RuleLocations& locations) {
  RealFileSystem disk;
  RuleTexts texts;
  const auto add = [](std::vector<File>& files, const std::string& path) -> Status {
    Result<std::string> text = ReadText(path);
    if (!text) return text.error();
    files.push_back({path, std::move(*text)});
    return Ok{};
  };
  for (const std::string& name : locations.files) {
    const GlobResult found = ExpandGlob(disk, name);
    if (!found.complete) {
      return Error{name + ": cannot be looked for: " + ErrorText(found.error) +
                   "; let this user read the folder"};
    }
    for (const std::string& path : found.paths) {
      if (Status added = add(texts.operator_files_, path); !added) return added.error();
    }
  }
  if (locations.catalog.empty()) return texts;
  const Result<std::vector<std::string>> paths = CatalogPaths(locations.catalog);
  if (!paths) return paths.error();
  for (const std::string& path : *paths) {
    if (Status added = add(texts.catalog_, path); !added) return added.error();
  }
  return texts;
}

RuleSources RuleTexts::sources() const {
  const auto view = [](const File& file) { return RuleText{file.path, file.text}; };
  RuleSources sources = catalog_.empty() ? EmbeddedSources() : RuleSources{};
  std::ranges::transform(operator_files_, std::back_inserter(sources.operator_files), view);
  std::ranges::transform(catalog_, std::back_inserter(sources.catalog), view);
  return sources;
}

Result<std::shared_ptr<const RuleSet>> LoadRules(const RuleLocations& locations) {
  const Result<RuleTexts> texts = RuleTexts::Read(locations);
  if (!texts) return texts.error();
  return RuleSet::Load(texts->sources());
}

}  // namespace bouncesight
