// How the lines of a source read: the keys format, json_keys and coremail. Internal to config.cc.
#pragma once

#include "daemon/config/yaml_map.h"
#include "parsers/mta/reader_options.h"

namespace bouncesight {

void ReadLineOptions(YamlMap& source, ReaderOptions& options, YamlErrors& complaints);

}  // namespace bouncesight
