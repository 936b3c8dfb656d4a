// The names of what outputs send of a source (output_config.h): SOURCE>TOPIC, which is not a name
// of a source of the configuration.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

inline std::string ShipmentName(std::string_view source, std::string_view topic) {
  return std::string(source) + ">" + std::string(topic);
}
inline bool IsShipment(std::string_view name) { return name.find('>') != std::string_view::npos; }
// The source whose lines are sent; of a source itself its own name.
inline std::string_view SourceOf(std::string_view name) { return name.substr(0, name.find('>')); }

}  // namespace bouncesight
