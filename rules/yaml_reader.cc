#include "rules/yaml_reader.h"

#include <set>

namespace bouncesight {

void YamlErrors::Add(const YAML::Node& at, std::string_view key, std::string_view what) {
  AddAt(LineOf(at), key, what);
}

void YamlErrors::AddAt(int line, std::string_view key, std::string_view what) {
  std::string message = file_ + ":" + std::to_string(line) + ": ";
  if (!key.empty()) message.append(key).append(": ");
  message.append(what);
  for (char& c : message) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  messages_.push_back(std::move(message));
}

int LineOf(const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? 1 : mark.line + 1;
}

YAML::Node LoadYaml(std::string_view text, YamlErrors& errors) {
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& e) {
    errors.AddAt(e.mark.is_null() ? 1 : e.mark.line + 1, "",
                 "not YAML: " + e.msg + "; mind the indentation, and quote text that holds ': '");
    return YAML::Node(YAML::NodeType::Undefined);
  }
}

std::string ReadText(const YAML::Node& node, std::string_view key, YamlErrors& errors) {
  if (node.IsScalar()) return node.Scalar();
  errors.Add(node, key, "must be one text; write it on one line, quoted if need be");
  return {};
}

std::vector<std::string> ReadTexts(const YAML::Node& node, std::string_view key,
                                   YamlErrors& errors) {
  if (node.IsScalar()) return {node.Scalar()};
  std::vector<std::string> texts;
  if (!node.IsSequence() || node.size() == 0) {
    errors.Add(node, key, "must be a text or a list of texts; leave the key out if there is none");
    return texts;
  }
  for (const YAML::Node& item : node) texts.push_back(ReadText(item, key, errors));
  return texts;
}

std::optional<bool> ReadBool(const YAML::Node& node, std::string_view key, YamlErrors& errors) {
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (node.IsScalar() && node.Scalar() == "false") return false;
  errors.Add(node, key, "must be true or false");
  return std::nullopt;
}

namespace {

std::string KnownKeys(const std::vector<YamlKey>& keys) {
  std::string names;
  for (const YamlKey& key : keys) {
    if (!names.empty()) names += ", ";
    names += key.name;
  }
  return names;
}

const YamlKey* Find(const std::vector<YamlKey>& keys, std::string_view name) {
  for (const YamlKey& key : keys) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

}  // namespace

void ReadMap(const YAML::Node& map, std::string_view where, const std::vector<YamlKey>& keys,
             YamlErrors& errors) {
  if (!map.IsMap()) {
    errors.Add(map, where, "must be a map with the keys " + KnownKeys(keys));
    return;
  }
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    const YamlKey* key = Find(keys, name);
    if (key == nullptr) {
      errors.Add(entry.first, name, "is not a key here; known are " + KnownKeys(keys));
    } else if (!seen.insert(name).second) {
      errors.Add(entry.first, name, "is given twice; keep one");
    } else {
      key->read(entry.second);
    }
  }
}

}  // namespace bouncesight
