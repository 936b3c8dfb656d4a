#include "metrics/openmetrics.h"

#include <charconv>
#include <cmath>
#include <string_view>

namespace bouncesight {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53

void AppendNumber(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    return;
  }
  char buffer[32];
  std::to_chars_result end{};
  if (value == std::floor(value) && std::abs(value) <= kExactIntegers) {
    end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<long long>(value));
  } else {
    end = std::to_chars(buffer, buffer + sizeof buffer, value);
  }
  out.append(buffer, end.ptr);
}

// "1.0", not "1": bounds must be the same text everywhere.
std::string Bound(double bound) {
  std::string text;
  AppendNumber(text, bound);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

void AppendEscaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || c == '"') out += '\\';
      out += c;
    }
  }
}

void AppendLabels(std::string& out, const ClientMetric& sample, std::string_view bound = {}) {
  if (sample.label.empty() && bound.empty()) return;
  char separator = '{';
  const auto append = [&](std::string_view name, std::string_view value) {
    out += separator;
    out += name;
    out += "=\"";
    AppendEscaped(out, value);
    out += '"';
    separator = ',';
  };
  for (const ClientMetric::Label& label : sample.label) append(label.name, label.value);
  if (!bound.empty()) append("le", bound);
  out += '}';
}

void AppendSample(std::string& out, std::string_view name, std::string_view suffix,
                  const ClientMetric& sample, double value, std::string_view bound = {}) {
  out += name;
  out += suffix;
  AppendLabels(out, sample, bound);
  out += ' ';
  AppendNumber(out, value);
  out += '\n';
}

void AppendHistogram(std::string& out, std::string_view name, const ClientMetric& sample) {
  const ClientMetric::Histogram& histogram = sample.histogram;
  for (const ClientMetric::Bucket& bucket : histogram.bucket) {
    AppendSample(out, name, "_bucket", sample, static_cast<double>(bucket.cumulative_count),
                 Bound(bucket.upper_bound));
  }
  const auto count = static_cast<double>(histogram.sample_count);
  AppendSample(out, name, "_bucket", sample, count, "+Inf");
  AppendSample(out, name, "_count", sample, count);
  AppendSample(out, name, "_sum", sample, histogram.sample_sum);
}

std::string_view TypeName(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "unknown";
  }
}

void AppendFamily(std::string& out, const MetricFamily& family) {
  std::string_view name = family.name;
  if (family.type == MetricType::Counter && name.ends_with("_total")) {
    name.remove_suffix(std::string_view("_total").size());
  }
  out.append("# HELP ").append(name) += ' ';
  AppendEscaped(out, family.help);
  out.append("\n# TYPE ").append(name) += ' ';
  out.append(TypeName(family.type)) += '\n';
  for (const ClientMetric& sample : family.metric) {
    if (family.type == MetricType::Counter) {
      AppendSample(out, name, "_total", sample, sample.counter.value);
    } else if (family.type == MetricType::Histogram) {
      AppendHistogram(out, name, sample);
    } else {
      AppendSample(out, name, "", sample, sample.gauge.value);
    }
  }
}

}  // namespace

std::string SerializeOpenMetrics(const Families& families) {
  std::string out;
  for (const MetricFamily& family : families) AppendFamily(out, family);
  out += "# EOF\n";
  return out;
}

}  // namespace bouncesight
