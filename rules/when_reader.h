// The `when` map of a rule: {code, enhanced, phase, provider, origin}, each a value or a list.
#pragma once

#include "rules/rule.h"
#include "rules/yaml_reader.h"

namespace bouncesight {

When ReadWhen(const YAML::Node& node, YamlErrors& errors);

}  // namespace bouncesight
