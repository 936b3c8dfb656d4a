// Reads the keys of one YAML map with exact complaints. Internal to config*.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace bouncesight {

// Collects the first complaint; the rest of the reading goes on harmlessly.
class YamlComplaints {
 public:
  explicit YamlComplaints(std::string file) : file_(std::move(file)) {}

  // "FILE:LINE: KEY: what"; no KEY when `key` is empty.
  void Add(const YAML::Mark& mark, const std::string& key, const std::string& what);

  const std::string& first() const { return first_; }

 private:
  std::string file_;
  std::string first_;
};

// The one document that `text` is. Where it is none, or has a second one, which would be ignored,
// that is a complaint, and nothing is given.
YAML::Node ReadYaml(std::string_view text, YamlComplaints& complaints);

// One map. Each Read takes the key's value into `out` when the key is there and leaves `out` as it
// is otherwise. Finish() complains of keys that nobody has read.
class YamlMap {
 public:
  // `prefix` is the path of keys that lead here ("web."), for complaints.
  YamlMap(const YAML::Node& node, std::string prefix, YamlComplaints& complaints);

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
  YamlComplaints& complaints_;
  std::vector<std::string> known_;
};

}  // namespace bouncesight
