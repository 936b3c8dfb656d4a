// The values of one YAML map, read into what holds the defaults. For the configuration and
// web_config.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/yaml_reader.h"

namespace bouncesight {

// One map. Each Read takes the key's value into `out` when the key is there and leaves `out` as it
// is otherwise. Finish() complains of keys that nobody has read.
class YamlMap {
 public:
  // `prefix` is the path of keys that lead here ("web."), for complaints.
  YamlMap(const YAML::Node& node, std::string prefix, YamlErrors& complaints);

  void Read(const char* key, std::string& out);
  void Read(const char* key, bool& out);
  void Read(const char* key, std::uint32_t& out, std::uint32_t least, std::uint32_t most);
  // "500ms", "1s", "2m", "1h", "30d" from range.first to range.second; `remedy` says so where it is
  // not.
  using Duration = std::chrono::milliseconds;
  void Read(const char* key, Duration& out, std::pair<Duration, Duration> range,
            const char* remedy);
  // "64MiB", "1GiB", "1TiB", the same way.
  void Read(const char* key, std::uint64_t& out, std::pair<std::uint64_t, std::uint64_t> range,
            const char* remedy);
  void Read(const char* key, std::vector<std::string>& out);  // a list, or one scalar
  void Read(const char* key, std::map<std::string, std::vector<std::string>>& out);
  void Read(const char* key, std::map<std::string, std::string>& out);
  // The value's place in `choices`, or `current` when the key is absent.
  std::size_t ReadChoice(const char* key, const std::vector<std::string_view>& choices,
                         std::size_t current);
  YAML::Node Child(const char* key);  // undefined node when absent
  void Complain(const char* key, const std::string& what);
  void Finish();

  std::string prefix_of(const char* key) const { return prefix_ + key + "."; }

 private:
  bool Scalar(const char* key, std::string& out);

  YAML::Node node_;
  std::string prefix_;
  YamlErrors& complaints_;
  std::vector<std::string> known_;
};

}  // namespace bouncesight
