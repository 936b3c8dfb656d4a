#include "daemon/config/output_config.h"

#include <algorithm>

#include "daemon/config/config.h"
#include "daemon/config/shipment_name.h"
#include "daemon/config/yaml_map.h"

namespace bouncesight {
namespace {

// Hosts are names or addresses; the state and records carry them.
std::string CheckHost(const std::string& host) {
  const bool fits = host.size() <= 253 && std::ranges::all_of(host, [](char c) {
                      return c > ' ' && c < 0x7F && c != '/';
                    });
  return fits ? "" : "`" + host + "`: write a host's name, as mx1.example.com";
}

OutputConfig ReadOutput(const YAML::Node& node, YamlErrors& complaints) {
  OutputConfig output;
  YamlMap map(node, "outputs.", complaints);
  map.ReadChoice("type", {"kafka"}, 0);
  ReadKafka(map, output.kafka);
  output.send =
      static_cast<OutputConfig::Send>(map.ReadChoice("send", {"lines", "failures", "events"}, 0));
  map.Read("host", output.host);
  map.Finish();
  CheckKafka(map, output.kafka, KafkaRole::kShipper);
  if (const auto what = CheckHost(output.host); !what.empty()) map.Complain("host", what);
  return output;
}

bool IsShippable(const SourceConfig& source) {
  return source.type == SourceType::kFile || source.type == SourceType::kDirectory;
}

// "" where the output can be used beside these.
std::string ConflictOf(const OutputConfig& output, const Config& config) {
  const std::string& topic = output.kafka.topic;
  for (const OutputConfig& other : config.outputs) {
    if (other.kafka.topic == topic) {
      return "`" + topic + "` is the topic of another output; two would send every line twice";
    }
  }
  for (const SourceConfig& source : config.sources) {
    if (source.type == SourceType::kKafka && source.kafka.topic == topic) {
      return "`" + topic + "` is read by the source " + source.name +
             ": each line would be counted here twice; read the topic with another instance";
    }
  }
  return {};
}

}  // namespace

std::vector<SourceConfig> ShipmentsOf(const SourceConfig& source,
                                      const std::vector<OutputConfig>& outputs) {
  std::vector<SourceConfig> shipments;
  if (!IsShippable(source)) return shipments;
  shipments.reserve(outputs.size());
  for (const OutputConfig& output : outputs) {
    shipments.push_back(source);
    shipments.back().name = ShipmentName(source.name, output.kafka.topic);
    shipments.back().output = output;
  }
  return shipments;
}

std::vector<SourceConfig> WithShipments(std::vector<SourceConfig> sources,
                                        const std::vector<OutputConfig>& outputs) {
  const std::size_t count = sources.size();
  sources.reserve(count * (1 + outputs.size()));
  for (std::size_t i = 0; i < count; ++i) {
    for (SourceConfig& shipment : ShipmentsOf(sources[i], outputs)) {
      sources.push_back(std::move(shipment));
    }
  }
  return sources;
}

void ReadOutputs(const YAML::Node& node, Config& config, YamlErrors& complaints) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsSequence()) {
    return complaints.Add(node.Mark(), "outputs", "write a list, each item with brokers and topic");
  }
  for (const auto& item : node) {
    OutputConfig output = ReadOutput(item, complaints);
    const std::string conflict = ConflictOf(output, config);
    if (!conflict.empty()) complaints.Add(item.Mark(), "outputs.topic", conflict);
    config.outputs.push_back(std::move(output));
  }
  const bool none = !config.sources.empty() && std::ranges::none_of(config.sources, IsShippable);
  if (none && !config.outputs.empty()) {
    complaints.Add(node.Mark(), "outputs",
                   "no source is of type file or directory: only what lies in files can be sent "
                   "again after a crash; add such a source");
  }
}

}  // namespace bouncesight
