#include "daemon/config/rule_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <glob.h>

namespace bouncesight {
namespace {

namespace fs = std::filesystem;

// The whole catalogue is a sixth of this. More is no rule file, and would compile for minutes.
constexpr std::uintmax_t kMaxRuleFile = 4U << 20;

Result<std::string> ReadText(const std::string& path) {
  std::error_code none;
  if (fs::is_directory(path, none))
    return Error{path + ": is a folder; name the rule files in it, as in " + path + "/*.yaml"};
  if (const std::uintmax_t size = fs::file_size(path, none); !none && size > kMaxRuleFile)
    return Error{path + ": has more than 4 MiB; name a rule file, or split it"};
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || (file.peek() != std::ifstream::traits_type::eof() && !(text << file.rdbuf()))) {
    return Error{path + ": cannot read: " + std::strerror(errno)};
  }
  return std::move(text).str();
}

bool IsPattern(const std::string& path) { return path.find_first_of("*?[") != std::string::npos; }

std::vector<std::string> Matches(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return paths;
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
  RuleTexts texts;
  const auto add = [](std::vector<File>& files, const std::string& path) -> Status {
    Result<std::string> text = ReadText(path);
    if (!text) return text.error();
    files.push_back({path, std::move(*text)});
    return Ok{};
  };
  for (const std::string& name : locations.files) {
    for (const std::string& path :
         IsPattern(name) ? Matches(name) : std::vector<std::string>{name}) {
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

Result<std::shared_ptr<const RuleSet>> LoadRules(const RuleLocations& locations,
                                                 PatternCache* cache) {
  const Result<RuleTexts> texts = RuleTexts::Read(locations);
  if (!texts) return texts.error();
  RuleSources sources = texts->sources();
  sources.cache = cache;
  return RuleSet::Load(sources);
}

}  // namespace bouncesight
