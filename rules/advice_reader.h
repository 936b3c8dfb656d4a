// The `advice` map of rules and of advice.yaml, for both readers.
#pragma once

#include "rules/advice.h"
#include "rules/yaml_reader.h"

namespace bouncesight {

// {retry, act, en: {why, steps}, zh: {why, steps}}, each optional.
AdviceOverride ReadAdvice(const YAML::Node& node, YamlErrors& errors);
// The readers of those four keys into `into`, for a map that holds further keys.
std::vector<YamlKey> AdviceKeys(AdviceOverride& into, YamlErrors& errors);

}  // namespace bouncesight
