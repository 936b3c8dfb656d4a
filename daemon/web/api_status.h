// How it stands now, as JSON: /api/v1/status of API.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/count/published.h"

namespace bouncesight {

struct StatusFacts {
  const Published* published = nullptr;  // not null
  const Live* live = nullptr;            // not null
  std::string_view telemetry_path;
  std::int64_t now = 0;  // seconds since 1970
  bool ready = false;
  bool has_history = false;
};

std::string StatusJson(const StatusFacts& facts);

// What a reader must know of a source, the worst first: "hung", "denied", "missing" (nothing that
// it looks for is there), "lost" (bytes were gone before they were counted), else "ok".
std::string_view SourceState(const LiveSource& source);

}  // namespace bouncesight
