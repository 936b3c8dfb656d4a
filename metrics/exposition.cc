#include "metrics/exposition.h"

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

}  // namespace bouncesight
