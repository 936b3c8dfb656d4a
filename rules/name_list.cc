#include "rules/name_list.h"

#include <algorithm>

#include "parsers/text/ascii.h"
#include "rules/text_tokens.h"
#include "rules/yaml_reader.h"

namespace bouncesight {
namespace {

constexpr std::size_t kShortestName = 4;  // shorter ones stand in ordinary words

}  // namespace

Result<std::vector<std::string>> ParseNames(std::string_view file, std::string_view text) {
  YamlErrors errors(file);
  std::vector<std::string> names;
  const YAML::Node document = LoadYaml(text, errors);
  if (document.IsDefined()) {
    ReadMap(document, "",
            {{"names", [&](const YAML::Node& n) { names = ReadTexts(n, "names", errors); }}},
            errors);
  }
  for (std::string& name : names) {
    if (name.size() < kShortestName) {
      errors.Add(document, "names", "'" + name + "' is too short; four bytes at least");
    }
    name = LowerCase(name);
  }
  if (!errors.messages().empty()) return Error{errors.messages().front()};
  return names;
}

std::string EscapePattern(std::string_view words) {
  std::string pattern;
  if (IsAlnum(words.front())) pattern += "\\b";
  for (const char c : words) {
    const bool plain = IsAlnum(c) || c == ' ' || static_cast<unsigned char>(c) >= 0x80;
    if (!plain) pattern += '\\';
    pattern += c;
  }
  if (IsAlnum(words.back())) pattern += "\\b";
  return pattern;
}

}  // namespace bouncesight
