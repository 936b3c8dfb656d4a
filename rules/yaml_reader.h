// Reads YAML with line numbers and turns every oddity into one message, so that the readers of rule
// files (and the configuration's, daemon/config/yaml_map.h) hold nothing but their keys. No
// exception of the YAML library leaves this file pair.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "parsers/event/result.h"

namespace bouncesight {

// Collects "FILE:LINE: key: what; what to do". Reading goes on after an error, so that one run
// shows them all.
class YamlErrors {
 public:
  explicit YamlErrors(std::string_view file) : file_(file) {}
  // No KEY where `key` is empty.
  void Add(const YAML::Node& at, std::string_view key, std::string_view what);
  void Add(const YAML::Mark& at, std::string_view key, std::string_view what);
  void AddAt(int line, std::string_view key, std::string_view what);
  const std::vector<std::string>& messages() const { return messages_; }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<std::string> messages_;
};

// 1-based line of a node.
int LineOf(const YAML::Node& node);

// The one document that `text` is, or an undefined node after an error was added. A second document
// would be ignored, so it is an error.
YAML::Node LoadYaml(std::string_view text, YamlErrors& errors);

// A plain value; an error and "" for a list or a map.
std::string ReadText(const YAML::Node& node, std::string_view key, YamlErrors& errors);
// A value or a list of values.
std::vector<std::string> ReadTexts(const YAML::Node& node, std::string_view key,
                                   YamlErrors& errors);
std::optional<bool> ReadBool(const YAML::Node& node, std::string_view key, YamlErrors& errors);

// An error for each key of `map` that is not among `known`, with what its writer may have meant,
// and for each that stands there twice. `prefix` stands before the key in messages ("web.").
void CheckKeys(const YAML::Node& map, const std::string& prefix,
               const std::vector<std::string>& known, YamlErrors& errors);

// One key that a map may hold and who reads its value.
struct YamlKey {
  std::string_view name;
  std::function<void(const YAML::Node&)> read;
};
// Calls the reader of each key that `map` has, once, and checks the keys. `where` names the map in
// messages.
void ReadMap(const YAML::Node& map, std::string_view where, const std::vector<YamlKey>& keys,
             YamlErrors& errors);

}  // namespace bouncesight
