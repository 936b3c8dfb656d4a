// A snapshot and the process's health as the body of a scrape. metrics/METRICS.md lists every
// metric.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "metrics/live.h"
#include "metrics/snapshot.h"

namespace bouncesight {

enum class ExpositionFormat { kText, kOpenMetrics };

// "text/plain; version=0.0.4; charset=utf-8" or the like.
std::string_view ContentType(ExpositionFormat format);

// The whole body. Pure: any thread. Always valid UTF-8 of the format's grammar, whatever the
// snapshot's strings hold.
std::string RenderMetrics(const Snapshot& snapshot, const Live& live, ExpositionFormat format);

// The log's metrics alone, without any process health: what `report --format=openmetrics` prints.
std::string RenderLogMetrics(const Snapshot& snapshot, ExpositionFormat format);

// The same body with a time behind each sample, in seconds since 1970: what
// `promtool tsdb create-blocks-from openmetrics` takes. Of OpenMetrics without exemplars.
std::string WithTimestamps(std::string_view body, std::int64_t seconds);

}  // namespace bouncesight
