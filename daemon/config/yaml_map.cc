#include "daemon/config/yaml_map.h"

#include <algorithm>
#include <charconv>

namespace bouncesight {
namespace {

bool ParseDuration(std::string_view text, std::chrono::milliseconds& out) {
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > 1'000'000) return false;
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (unit == "ms") {
    out = std::chrono::milliseconds(number);
  } else if (unit == "s") {
    out = std::chrono::seconds(number);
  } else if (unit == "m") {
    out = std::chrono::minutes(number);
  } else if (unit == "h") {
    out = std::chrono::hours(number);
  } else if (unit == "d") {
    out = std::chrono::hours(24 * number);
  } else {
    return false;
  }
  return true;
}

bool ParseSize(std::string_view text, std::uint64_t& out) {
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > 1'000'000) return false;
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  constexpr std::pair<std::string_view, unsigned> kUnits[] = {
      {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};
  for (const auto& [name, bits] : kUnits) {
    if (unit != name) continue;
    out = number << bits;
    return true;
  }
  return false;
}

}  // namespace

YamlMap::YamlMap(const YAML::Node& node, std::string prefix, YamlErrors& complaints)
    : node_(node.IsDefined() && node.IsMap() ? node : YAML::Node(YAML::NodeType::Map)),
      prefix_(std::move(prefix)),
      complaints_(complaints) {
  if (node.IsDefined() && !node.IsMap() && !node.IsNull()) {
    const std::string key = prefix_.empty() ? "" : prefix_.substr(0, prefix_.size() - 1);
    complaints_.Add(node.Mark(), key, "write `key: value` pairs here");
  }
}

void YamlMap::Complain(const char* key, const std::string& what) {
  const YAML::Node& node = node_;  // a const look-up adds no key
  const YAML::Node value = node[key];
  complaints_.Add(value.IsDefined() ? value.Mark() : node_.Mark(), prefix_ + key, what);
}

YAML::Node YamlMap::Child(const char* key) {
  known_.emplace_back(key);
  const YAML::Node& node = node_;
  return node[key];
}

bool YamlMap::Scalar(const char* key, std::string& out) {
  const YAML::Node value = Child(key);
  if (!value.IsDefined()) return false;
  if (!value.IsScalar()) {
    Complain(key, "write one value here");
    return false;
  }
  out = value.Scalar();
  return true;
}

void YamlMap::Read(const char* key, std::string& out) { Scalar(key, out); }

void YamlMap::Read(const char* key, bool& out) {
  std::string text;
  if (!Scalar(key, text)) return;
  if (text != "true" && text != "false") return Complain(key, "write true or false");
  out = text == "true";
}

void YamlMap::Read(const char* key, std::uint32_t& out, std::uint32_t least, std::uint32_t most) {
  std::string text;
  if (!Scalar(key, text)) return;
  std::uint32_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size() || number < least ||
      number > most) {
    return Complain(key,
                    "write a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  out = number;
}

void YamlMap::Read(const char* key, Duration& out, std::pair<Duration, Duration> range,
                   const char* remedy) {
  std::string text;
  Duration read{};
  if (!Scalar(key, text)) return;
  if (!ParseDuration(text, read) || read < range.first || read > range.second) {
    return Complain(key, "`" + text + "`: " + remedy);
  }
  out = read;
}

void YamlMap::Read(const char* key, std::uint64_t& out,
                   std::pair<std::uint64_t, std::uint64_t> range, const char* remedy) {
  std::string text;
  if (!Scalar(key, text)) return;
  std::uint64_t read = 0;
  if (!ParseSize(text, read) || read < range.first || read > range.second) {
    return Complain(key, "`" + text + "`: " + remedy);
  }
  out = read;
}

void YamlMap::Read(const char* key, std::vector<std::string>& out) {
  const YAML::Node value = Child(key);
  if (!value.IsDefined()) return;
  out.clear();
  if (value.IsNull()) return;
  if (value.IsScalar()) {
    out.push_back(value.Scalar());
    return;
  }
  if (!value.IsSequence()) return Complain(key, "write a list");
  for (const auto& item : value) {
    if (!item.IsScalar()) return complaints_.Add(item.Mark(), prefix_ + key, "write plain texts");
    out.push_back(item.Scalar());
  }
}

void YamlMap::Read(const char* key, std::map<std::string, std::vector<std::string>>& out) {
  const YAML::Node value = Child(key);
  if (!value.IsDefined() || value.IsNull()) return;
  if (!value.IsMap()) return Complain(key, "write `name: [value]` pairs");
  for (const auto& item : value) {
    if (!item.first.IsScalar()) {
      return complaints_.Add(item.first.Mark(), prefix_ + key, "write a plain name");
    }
    YamlMap inner(value, prefix_of(key), complaints_);
    inner.Read(item.first.Scalar().c_str(), out[item.first.Scalar()]);
  }
}

void YamlMap::Read(const char* key, std::map<std::string, std::string>& out) {
  const YAML::Node value = Child(key);
  if (!value.IsDefined() || value.IsNull()) return;
  if (!value.IsMap()) return Complain(key, "write `name: value` pairs");
  for (const auto& item : value) {
    if (!item.first.IsScalar() || !item.second.IsScalar()) {
      return complaints_.Add(item.first.Mark(), prefix_ + key, "write a plain name and a value");
    }
    if (!out.emplace(item.first.Scalar(), item.second.Scalar()).second) {
      complaints_.Add(item.first.Mark(), prefix_of(key) + item.first.Scalar(),
                      "this key stands here twice; keep one");
    }
  }
}

std::size_t YamlMap::ReadChoice(const char* key, const std::vector<std::string_view>& choices,
                                std::size_t current) {
  std::string text;
  if (!Scalar(key, text)) return current;
  const auto found = std::find(choices.begin(), choices.end(), text);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  std::string list;
  for (const auto choice : choices) list += (list.empty() ? "" : ", ") + std::string(choice);
  Complain(key, "unknown value; write one of " + list);
  return current;
}

void YamlMap::Finish() { CheckKeys(node_, prefix_, known_, complaints_); }

}  // namespace bouncesight
