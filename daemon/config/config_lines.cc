#include "daemon/config/config_lines.h"

#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config_rules.h"

namespace bouncesight {
namespace {

void ReadFormat(YamlMap& source, Format& format) {
  std::string name = "auto";
  source.Read("format", name);
  if (const auto known = FormatFromName(name)) {
    format = *known;
    return;
  }
  std::string list;
  for (const auto each : FormatNames()) list += (list.empty() ? "" : ", ") + std::string(each);
  source.Complain("format", "`" + name + "` is not a format; write one of " + list);
}

void CheckKeyNames(YamlMap& map, const char* key, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name.empty()) map.Complain(key, "write the name of a key, as msg");
  }
}

// Each list stands in place of the usual names.
void ReadJsonKeys(YamlMap& source, JsonKeys& keys, YamlErrors& complaints) {
  const YAML::Node node = source.Child("json_keys");
  YamlMap map(node, source.prefix_of("json_keys"), complaints);
  map.Read("message", keys.message);
  map.Read("program", keys.program);
  map.Read("host", keys.host);
  map.Read("time", keys.time);
  map.Finish();
  CheckKeyNames(map, "message", keys.message);
  CheckKeyNames(map, "program", keys.program);
  CheckKeyNames(map, "host", keys.host);
  CheckKeyNames(map, "time", keys.time);
  if (keys.message.empty()) map.Complain("message", "name the key that holds the log line");
}

void ReadCoremail(YamlMap& source, ReaderOptions& options, YamlErrors& complaints) {
  const YAML::Node node = source.Child("coremail");
  if (!node.IsDefined() || node.IsNull()) return;
  auto words = std::make_shared<CoremailWords>();
  YamlMap map(node, source.prefix_of("coremail"), complaints);
  map.Read("to", words->to);
  map.Read("channel", words->channel);
  map.Read("state", words->state);
  map.Read("from", words->from);
  map.Read("size", words->size);
  map.Read("free_text", words->free_text);
  map.Read("remote_channel", words->remote_channel);
  map.Read("delivered", words->delivered);
  map.Read("deferred", words->deferred);
  map.Read("bounced", words->bounced);
  map.Read("command", words->command);
  map.Read("result", words->result);
  map.Read("client_ip", words->client_ip);
  map.Read("sender", words->sender);
  map.Read("account", words->account);
  map.Read("login", words->login);
  map.Read("accepted", words->accepted);
  map.Read("zone", words->zone);
  map.Finish();
  if (const auto what = CheckZone(words->zone); !what.empty()) {
    map.Complain("zone", "`" + words->zone + "`: " + what);
  }
  options.coremail = std::move(words);
}

}  // namespace

void ReadLineOptions(YamlMap& source, ReaderOptions& options, YamlErrors& complaints) {
  ReadFormat(source, options.format);
  ReadJsonKeys(source, options.json, complaints);
  ReadCoremail(source, options, complaints);
}

}  // namespace bouncesight
