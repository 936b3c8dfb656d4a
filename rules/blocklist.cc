#include "rules/blocklist.h"

#include "rules/near_name.h"
#include "rules/rule_lint.h"
#include "rules/yaml_reader.h"

namespace bouncesight {
namespace {

Blocklist ReadList(const YAML::Node& node, YamlErrors& errors) {
  Blocklist list;
  list.line = LineOf(node);
  const auto text = [&errors](std::string_view key, std::string& into) {
    return YamlKey{key,
                   [key, &into, &errors](const YAML::Node& n) { into = ReadText(n, key, errors); }};
  };
  const auto texts = [&errors](std::string_view key, std::vector<std::string>& into) {
    return YamlKey{
        key, [key, &into, &errors](const YAML::Node& n) { into = ReadTexts(n, key, errors); }};
  };
  std::string kind = "ip", keeper = "public";
  ReadMap(node, "lists",
          {text("name", list.name), text("kind", kind), text("keeper", keeper),
           texts("zones", list.zones), texts("links", list.links), texts("phrases", list.phrases),
           text("delist", list.delist)},
          errors);
  if (list.name.empty()) errors.Add(node, "name", "is missing; name the list");
  if (kind != "ip" && kind != "domain") errors.Add(node, "kind", "must be ip or domain");
  if (keeper != "public" && keeper != "provider") {
    errors.Add(node, "keeper", "must be public or provider");
  }
  list.of_provider = keeper == "provider";
  list.kind = kind == "domain" ? ListKind::kDomain : ListKind::kIp;
  for (const auto* patterns : {&list.phrases, &list.links}) {
    for (const std::string& pattern : *patterns) {
      const std::string what = LintPattern(pattern).fault;
      if (!what.empty()) errors.Add(node, list.name, InQuotes(pattern) + " " + what);
    }
  }
  return list;
}

}  // namespace

Result<std::vector<Blocklist>> ParseBlocklists(std::string_view name, std::string_view text) {
  YamlErrors errors(name);
  std::vector<Blocklist> lists;
  const YAML::Node document = LoadYaml(text, errors);
  if (document.IsDefined()) {
    ReadMap(document, "",
            {{"lists",
              [&](const YAML::Node& rows) {
                if (!rows.IsSequence()) {
                  errors.Add(rows, "lists", "must be a list of block lists");
                  return;
                }
                for (const YAML::Node& row : rows) {
                  lists.push_back(ReadList(row, errors));
                }
              }}},
            errors);
  }
  if (!errors.messages().empty()) return Error{errors.messages().front()};
  return lists;
}

}  // namespace bouncesight
