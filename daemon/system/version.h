// Which build this is: version, revision and compiler, as `--version` and the build_info metric
// show them.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

struct BuildInfo {
  std::string_view version;   // "0.1.0"
  std::string_view revision;  // the commit, "unknown" outside a checkout
  std::string_view compiler;  // "GCC 12.2.0"
  bool has_kafka;             // built with librdkafka
};

const BuildInfo& GetBuildInfo();  // static storage

// Two lines, in the manner of the official exporters.
std::string VersionText();

}  // namespace bouncesight
