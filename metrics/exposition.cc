#include "metrics/exposition.h"

#include <algorithm>

#include "metrics/families.h"
#include "metrics/serializer.h"

namespace bouncesight {
std::string_view ContentType(ExpositionFormat format) {
  return format == ExpositionFormat::kOpenMetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string RenderMetrics(const Snapshot& snapshot, const Live& live, ExpositionFormat format) {
  const Families families = MetricsCollectable(snapshot, live).Collect();
  if (format == ExpositionFormat::kText) return Serialize(families, format);
  return Serialize(families, format, FailureExemplars(snapshot));
}

std::string RenderLogMetrics(const Snapshot& snapshot, ExpositionFormat format) {
  Families families;
  AppendLogFamilies(snapshot, families);
  return Serialize(families, format);
}

std::string WithTimestamps(std::string_view body, std::int64_t seconds) {
  const std::string stamp = " " + std::to_string(seconds);
  std::string out;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size() - 1);
    const std::string_view line = body.substr(0, end);
    out.append(line).append(line.starts_with('#') ? "" : stamp).append(1, '\n');
    body.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace bouncesight
