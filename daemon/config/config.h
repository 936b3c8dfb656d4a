// The configuration of the daemon: one YAML file, every key optional but a source's name and what
// its type cannot do without. config/bouncesight.yaml shows the keys; man page bouncesight.yaml(5)
// describes every one.
//
// The room daemon/config: what the operator wrote, checked once, before anything is opened.
//
// * config.h: the structs with their defaults, and LoadConfig.
// * yaml_map.h: one map of YAML; every key is read, or complained of with its line.
// * config_rules.h: what a single value may be (HOST:PORT: system/net/listen_address.h); a key and
//   its flag are judged by the same function. commands/serve.cc lays the flags over the file.
// * config_paths.h: what may stand under `paths`.
// * config_lines.h: how the lines of a source read. output_config.h: where its lines go, too.
// * source_overlap.h: two sources that follow the same thing; source_sight.h: what one finds now;
//   certificate_sight.h: certificates that end soon.
// * default_sources.h: what is followed where nothing is configured.
// * config_changes.h: what a reload cannot put in force.
// * rule_files.h: the texts of the rules, from the disk to the library that knows no paths.
//
// A new key is a member here, a Read in config.cc, a line in config/bouncesight.yaml, a paragraph
// in bouncesight.yaml(5), and, where a reload cannot put it in force, a line in config_changes.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/output_config.h"
#include "daemon/system/fs.h"
#include "daemon/system/log.h"
#include "parsers/event/result.h"
#include "parsers/mta/reader_options.h"

namespace bouncesight {

struct WebConfig {
  std::vector<std::string> listen_addresses = {"127.0.0.1:19154"};
  std::string telemetry_path = "/metrics";
  std::string config_file;        // TLS and passwords; empty: plain HTTP for everybody who connects
  bool enable_lifecycle = false;  // /-/reload and /-/quit
  bool systemd_socket = false;    // take the sockets of socket activation; a flag only
};

struct StateConfig {
  std::string path = "/var/lib/bouncesight";   // a folder
  std::chrono::milliseconds interval{1000};    // between commits
  std::chrono::milliseconds catch_up{60'000};  // at most this long not ready after a start
};

// What failed, kept in a database beside the state (history.db).
struct HistoryConfig {
  bool on = true;
  std::chrono::milliseconds keep = std::chrono::hours(30 * 24);
  std::uint64_t max_size = 1ULL << 30;  // bytes
};

struct PrivacyConfig {
  std::string addresses = "hidden";  // of recipients, in the history: hidden, hashed or full
};

enum class SourceType : std::uint8_t { kFile, kSyslog, kJournal, kStdin, kDirectory, kKafka };
enum class FirstSight : std::uint8_t { kEnd, kBeginning };

struct SourceConfig {
  std::string name;  // the label `source`: [A-Za-z0-9_.-], unique
  SourceType type = SourceType::kFile;
  ReaderOptions lines;                   // format, json_keys, coremail: how its lines read
  std::vector<std::string> paths;        // file: names and globs, absolute
  std::vector<std::string> rotated;      // file: where else its rotated files lie; as paths
  FirstSight start = FirstSight::kEnd;   // file, journal, kafka: where to begin on first sight
  std::vector<std::string> listen;       // syslog: as listen_address.h says
  std::vector<std::string> allow;        // syslog: CIDR; empty: loopback only
  std::uint32_t rate_limit = 0;          // syslog: lines per second and peer; 0: no limit
  std::uint32_t max_connections = 1024;  // syslog: tcp, tls and unix-stream at once
  std::string cert_file, key_file;       // syslog: for tls://, PEM
  std::string client_ca_file;      // syslog: who signs the senders' certificates; empty: any sender
  std::vector<std::string> units;  // journal: unit names and globs; empty: all
  std::vector<std::string> identifiers;  // journal: SYSLOG_IDENTIFIERs; empty: all
  std::string directory;                 // journal: a folder of journal files; empty: the system's
                                         // directory: the folder whose files are read
  KafkaConfig kafka;                     // kafka: the topic
  // Its lines are sent there and not counted; its name is SOURCE>TOPIC (output_config.h).
  std::optional<OutputConfig> output;

  friend bool operator==(const SourceConfig&, const SourceConfig&) = default;
};

struct RulesConfig {
  std::vector<std::string> files = {"/etc/bouncesight/rules.d/*.yaml"};
  std::string catalog;  // a folder in place of the catalogue within the program
};

struct MetricsConfig {
  std::uint32_t max_domains = 1000;
  std::uint32_t max_series = 10'000;
  bool all_rules = false;  // rule_hits_total of each, not only of those that have hit
  bool exemplars = false;  // in OpenMetrics: queue ids and rules
  bool accounts = false;   // login names as label values
  std::vector<std::string> pinned_domains;
  // Group name, the label value, to its domains; "*.example.com" is every domain below.
  std::map<std::string, std::vector<std::string>> domain_groups;
};

struct Config {
  WebConfig web;
  StateConfig state;
  std::vector<SourceConfig> sources;  // empty: the logs of a usual mail host (default_sources.h)
  std::vector<OutputConfig> outputs;
  // Every source's `lines` has them, too; kept for the sources that nobody wrote down.
  std::vector<IpNetwork> internal_relays = LoopbackNetworks();
  RulesConfig rules;
  MetricsConfig metrics;
  HistoryConfig history;
  PrivacyConfig privacy;
  std::uint32_t workers = 1;
  LogConfig log;
};

// Reads `text`; `name` stands for it in errors. Unknown and repeated keys are errors. An error says
// "FILE:LINE: KEY: what is wrong; what to do".
// With `fs` the files that a source cannot do without (certificates, keys) must be there and
// readable, too: for those who will open them.
Result<Config> ParseConfig(std::string_view text, const std::string& name,
                           FileSystem* fs = nullptr);

// The same for a file. At most 1 MiB.
Result<Config> LoadConfig(const std::string& path, FileSystem* fs = nullptr);

}  // namespace bouncesight
