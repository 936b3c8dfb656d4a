#include "daemon/config/config.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "daemon/config/config_lines.h"
#include "daemon/config/config_paths.h"
#include "daemon/config/config_rules.h"
#include "daemon/config/source_overlap.h"
#include "daemon/config/yaml_map.h"
#include "daemon/system/net/listen_address.h"
#include "daemon/system/permission_hint.h"
#include "daemon/system/small_file.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMaxConfigBytes = 1024 * 1024;

void CheckEach(YamlMap& map, const char* key, const std::vector<std::string>& values,
               std::string (*check)(std::string_view)) {
  for (const auto& value : values) {
    if (const auto what = check(value); !what.empty()) {
      map.Complain(key, "`" + value + "`: " + what);
    }
  }
}

void ReadWeb(const YAML::Node& node, WebConfig& web, YamlErrors& complaints) {
  YamlMap map(node, "web.", complaints);
  map.Read("listen_address", web.listen_addresses);
  map.Read("telemetry_path", web.telemetry_path);
  map.Read("config_file", web.config_file);
  map.Read("enable_lifecycle", web.enable_lifecycle);
  map.Finish();
  CheckEach(map, "listen_address", web.listen_addresses, CheckHostPort);
  if (const auto what = CheckTelemetryPath(web.telemetry_path); !what.empty()) {
    map.Complain("telemetry_path", what);
  }
}

void ReadState(const YAML::Node& node, StateConfig& state, YamlErrors& complaints) {
  YamlMap map(node, "state.", complaints);
  map.Read("path", state.path);
  map.Read("interval", state.interval, {std::chrono::milliseconds(100), std::chrono::minutes(1)},
           "write a duration from 100ms to 1m, as 500ms or 30s");
  map.Read("catch_up", state.catch_up, {std::chrono::milliseconds(0), std::chrono::hours(24)},
           "write a duration up to 24h, as 30s or 5m");
  map.Finish();
}

void ReadHistory(const YAML::Node& node, HistoryConfig& history, YamlErrors& complaints) {
  using std::chrono::hours;
  YamlMap map(node, "history.", complaints);
  map.Read("enabled", history.on);
  map.Read("keep", history.keep, {hours(1), hours(24 * 3660)},
           "write how long from 1h to 3660d, as 30d; for no history write enabled: false");
  map.Read("max_size", history.max_size, {16ULL << 20, 1ULL << 40},
           "write a size from 16MiB to 1TiB, as 500MiB or 1GiB");
  map.Finish();
}

void ReadPrivacy(const YAML::Node& node, PrivacyConfig& privacy, YamlErrors& complaints) {
  static const std::vector<std::string_view> kAddresses = {"hidden", "hashed", "full"};
  YamlMap map(node, "privacy.", complaints);
  privacy.addresses = kAddresses[map.ReadChoice("addresses", kAddresses, 0)];
  map.Finish();
}

void CheckAbsolute(YamlMap& map, const char* key, const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    if (const auto what = CheckPath(path); !what.empty()) map.Complain(key, what);
  }
}

void CheckPaths(YamlMap& map, const std::vector<std::string>& paths) {
  if (paths.empty()) map.Complain("paths", "name at least one file, as [/var/log/mail.log]");
  CheckAbsolute(map, "paths", paths);
}

// A file that a source cannot do without, looked at where `fs` is given.
void CheckFile(YamlMap& map, const char* key, const std::string& path, FileSystem* fs) {
  if (fs == nullptr || path.empty()) return;
  const FileHandle handle(*fs, fs->Open(path, OpenMode::kRead));
  if (handle.is_open()) return;
  FileInfo info;
  const bool known = fs->Stat(path, info) == 0;
  map.Complain(key, "`" + path + "`: " +
                        (handle.fd() == -EACCES ? PermissionHint(path, known ? &info : nullptr)
                                                : ErrorText(handle.fd()) + "; name a PEM file"));
}

void CheckSyslog(YamlMap& map, const SourceConfig& source, FileSystem* fs) {
  if (source.listen.empty()) map.Complain("listen", "name an address, as udp://127.0.0.1:5514");
  CheckEach(map, "listen", source.listen, CheckSyslogAddress);
  CheckEach(map, "allow", source.allow, CheckNetwork);
  const bool tls = std::any_of(source.listen.begin(), source.listen.end(),
                               [](const auto& address) { return address.starts_with("tls://"); });
  if (tls && source.cert_file.empty()) map.Complain("cert_file", "tls:// needs a certificate");
  if (tls && source.key_file.empty()) map.Complain("key_file", "tls:// needs the key as well");
  if (!tls && !(source.cert_file + source.key_file + source.client_ca_file).empty()) {
    map.Complain("listen", "certificates are for tls://, as tls://127.0.0.1:6514");
  }
  CheckFile(map, "cert_file", source.cert_file, fs);
  CheckFile(map, "key_file", source.key_file, fs);
  CheckFile(map, "client_ca_file", source.client_ca_file, fs);
}

void ReadStart(YamlMap& map, SourceConfig& source) {
  const std::size_t start = map.ReadChoice("start", {"end", "beginning"}, 0);
  source.start = start == 0 ? FirstSight::kEnd : FirstSight::kBeginning;
}

void CheckDirectory(YamlMap& map, const SourceConfig& source, bool required) {
  if (source.directory.empty() ? required : source.directory.front() != '/') {
    map.Complain("directory", "`" + source.directory + "`: write the absolute path of a folder");
  }
}

void ReadPartitions(YamlMap& map, PartitionChoice& partitions) {
  std::vector<std::string> texts = {"all"};
  map.Read("partitions", texts);
  if (auto choice = ParsePartitions(texts)) {
    partitions = std::move(*choice);
  } else {
    map.Complain("partitions", choice.error().message);
  }
}

void ReadByType(YamlMap& map, SourceConfig& source) {
  switch (source.type) {
    case SourceType::kFile:
      ReadStart(map, source);
      map.Read("paths", source.paths);
      source.paths = ExpandBraces(source.paths);
      map.Read("rotated", source.rotated);
      source.rotated = ExpandBraces(source.rotated);
      CheckAbsolute(map, "rotated", source.rotated);
      break;
    case SourceType::kSyslog:
      map.Read("listen", source.listen);
      map.Read("allow", source.allow);
      map.Read("rate_limit", source.rate_limit, 0, 10'000'000);
      map.Read("max_connections", source.max_connections, 1, 100'000);
      map.Read("cert_file", source.cert_file);
      map.Read("key_file", source.key_file);
      map.Read("client_ca_file", source.client_ca_file);
      break;
    case SourceType::kJournal:
      ReadStart(map, source);
      map.Read("units", source.units);
      map.Read("identifiers", source.identifiers);
      map.Read("directory", source.directory);
      break;
    case SourceType::kDirectory:
      map.Read("directory", source.directory);
      break;
    case SourceType::kKafka:
      ReadStart(map, source);
      ReadKafka(map, source.kafka);
      ReadPartitions(map, source.kafka.partitions);
      break;
    case SourceType::kStdin:
      break;
  }
}

// After Finish: a key that is missing may be there with a slip in its name, and that is said first.
void CheckByType(YamlMap& map, const SourceConfig& source, FileSystem* fs) {
  switch (source.type) {
    case SourceType::kFile:
      return CheckPaths(map, source.paths);
    case SourceType::kSyslog:
      return CheckSyslog(map, source, fs);
    case SourceType::kJournal:
      return CheckDirectory(map, source, false);
    case SourceType::kDirectory:
      return CheckDirectory(map, source, true);
    case SourceType::kKafka:
      return CheckKafka(map, source.kafka, KafkaRole::kSource);
    case SourceType::kStdin:
      return;
  }
}

SourceConfig ReadSource(const YAML::Node& node, FileSystem* fs, YamlErrors& complaints) {
  SourceConfig source;
  YamlMap map(node, "sources.", complaints);
  map.Read("name", source.name);
  source.type = static_cast<SourceType>(
      map.ReadChoice("type", {"file", "syslog", "journal", "stdin", "directory", "kafka"}, 0));
  ReadLineOptions(map, source.lines, complaints);
  ReadByType(map, source);
  map.Finish();
  if (const auto what = CheckSourceName(source.name); !what.empty()) map.Complain("name", what);
  CheckByType(map, source, fs);
  return source;
}

void ReadSources(const YAML::Node& node, FileSystem* fs, std::vector<SourceConfig>& sources,
                 YamlErrors& complaints) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsSequence()) {
    return complaints.Add(node.Mark(), "sources", "write a list, each item with a name and a type");
  }
  std::set<std::string> names;
  std::set<std::string> addresses;  // two that share one would each get a part of what comes
  for (const auto& item : node) {
    sources.push_back(ReadSource(item, fs, complaints));
    if (!names.insert(sources.back().name).second) {
      complaints.Add(item.Mark(), "sources.name",
                     "`" + sources.back().name + "` is taken; every source needs its own name");
    }
    for (std::size_t i = 0; i + 1 < sources.size(); ++i) {
      const std::string overlap = OverlapOf(sources.back(), sources[i]);
      if (!overlap.empty()) complaints.Add(item.Mark(), "sources", overlap);
    }
    for (const auto& address : sources.back().listen) {
      if (addresses.insert(address).second) continue;
      complaints.Add(item.Mark(), "sources.listen",
                     "`" + address + "` is there twice; each address belongs to one source");
    }
  }
}

void CheckGroups(YamlMap& map, const MetricsConfig& metrics) {
  std::map<std::string, std::string> group_of;
  for (const auto& [group, domains] : metrics.domain_groups) {
    if (const auto what = CheckGroupName(group); !what.empty()) {
      map.Complain("domain_groups", "`" + group + "`: " + what);
    }
    if (domains.empty()) map.Complain("domain_groups", "`" + group + "`: name its domains");
    CheckEach(map, "domain_groups", domains, CheckDomainOrBelow);
    for (const std::string& domain : domains) {
      const auto [other, fresh] = group_of.emplace(domain, group);
      if (fresh || other->second == group) continue;
      map.Complain("domain_groups", "`" + domain + "` is in `" + other->second + "` and `" + group +
                                        "`; keep it in one group");
    }
  }
}

void ReadMetrics(const YAML::Node& node, MetricsConfig& metrics, YamlErrors& complaints) {
  YamlMap map(node, "metrics.", complaints);
  map.Read("max_domains", metrics.max_domains, 1, 1'000'000);
  map.Read("max_series", metrics.max_series, 100, 10'000'000);
  metrics.all_rules = map.ReadChoice("rule_hits", {"hit", "all"}, 0) == 1;
  map.Read("exemplars", metrics.exemplars);
  map.Read("accounts", metrics.accounts);
  map.Read("pinned_domains", metrics.pinned_domains);
  map.Read("domain_groups", metrics.domain_groups);
  map.Finish();
  CheckEach(map, "pinned_domains", metrics.pinned_domains, CheckDomain);
  CheckGroups(map, metrics);
}

void ReadLog(const YAML::Node& node, LogConfig& log, YamlErrors& complaints) {
  YamlMap map(node, "log.", complaints);
  log.level = kLogLevels[map.ReadChoice("level", {kLogLevels.begin(), kLogLevels.end()}, 1)];
  log.format = static_cast<LogFormat>(map.ReadChoice("format", {"logfmt", "json"}, 0));
  map.Finish();
}

void ReadRules(const YAML::Node& node, RulesConfig& rules, YamlErrors& complaints) {
  YamlMap map(node, "rules.", complaints);
  map.Read("files", rules.files);
  map.Read("catalog", rules.catalog);
  map.Finish();
}

// An empty list: no hop is internal.
void ReadInternalRelays(YamlMap& map, Config& config) {
  std::vector<std::string> names = {"127.0.0.0/8", "::1"};
  map.Read("internal_relays", names);
  config.internal_relays.clear();
  for (const std::string& name : names) {
    if (const auto network = ReadIpNetwork(name)) {
      config.internal_relays.push_back(*network);
    } else {
      map.Complain("internal_relays", "`" + name +
                                          "` is not a network; write 127.0.0.0/8, 2001:db8::/32 or "
                                          "an address");
    }
  }
  for (SourceConfig& source : config.sources) {
    source.lines.internal_relays = config.internal_relays;
  }
}

void ReadAll(const YAML::Node& root, FileSystem* fs, Config& config, YamlErrors& complaints) {
  YamlMap map(root, "", complaints);
  ReadWeb(map.Child("web"), config.web, complaints);
  ReadState(map.Child("state"), config.state, complaints);
  ReadSources(map.Child("sources"), fs, config.sources, complaints);
  ReadOutputs(map.Child("outputs"), config, complaints);
  ReadInternalRelays(map, config);
  ReadRules(map.Child("rules"), config.rules, complaints);
  ReadMetrics(map.Child("metrics"), config.metrics, complaints);
  ReadHistory(map.Child("history"), config.history, complaints);
  ReadPrivacy(map.Child("privacy"), config.privacy, complaints);
  map.Read("workers", config.workers, 1, 64);
  ReadLog(map.Child("log"), config.log, complaints);
  map.Finish();
}

}  // namespace

Result<Config> ParseConfig(std::string_view text, const std::string& name, FileSystem* fs) {
  YamlErrors complaints(name);
  Config config;
  try {
    ReadAll(LoadYaml(text, complaints), fs, config, complaints);
  } catch (const YAML::Exception& error) {
    complaints.Add(error.mark, "", "this is not YAML: " + error.msg);
  }
  if (!complaints.messages().empty()) return Error{complaints.messages().front()};
  return config;
}

Result<Config> LoadConfig(const std::string& path, FileSystem* fs) {
  const auto text = ReadSmallFile(path, kMaxConfigBytes);
  if (text) return ParseConfig(*text, path, fs);
  return Error{text.error().message + "; name the configuration by --config.file, and let this " +
               "user read it"};
}

}  // namespace bouncesight
