// `outputs:` of the configuration: where the lines of this host's files go besides being counted.
#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "daemon/config/kafka_config.h"

namespace bouncesight {

struct OutputConfig {
  enum class Send : std::uint8_t {
    kLines,     // all, many to a record
    kFailures,  // those that report a failure or a refusal, one to a record
    kEvents,    // what the lines report, as JSON, a record for each result
  };

  KafkaConfig kafka;
  Send send = Send::kLines;
  std::string host;  // that the records name; empty: the system's name

  friend bool operator==(const OutputConfig&, const OutputConfig&) = default;
};

struct Config;
struct SourceConfig;
class YamlErrors;

// What the outputs send of `source`, as sources of their own: each follows the same files with a
// place of its own, and has an `output`. None for a source that cannot be read again from a place
// in a file.
std::vector<SourceConfig> ShipmentsOf(const SourceConfig& source,
                                      const std::vector<OutputConfig>& outputs);
// The sources and, behind them, all their shipments.
std::vector<SourceConfig> WithShipments(std::vector<SourceConfig> sources,
                                        const std::vector<OutputConfig>& outputs);

// After the sources. Internal to config.cc.
void ReadOutputs(const YAML::Node& node, Config& config, YamlErrors& complaints);

}  // namespace bouncesight
