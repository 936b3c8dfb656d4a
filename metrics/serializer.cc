#include "metrics/serializer.h"

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

void AppendEscaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (c == '"' && quotes)) out += '\\';
      out += c;
    }
  }
}

void AppendLabels(std::string& out, const ClientMetric& sample, std::string_view bound) {
  if (sample.label.empty() && bound.empty()) return;
  char separator = '{';
  const auto append = [&](std::string_view name, std::string_view value) {
    out += separator;
    out += name;
    out += "=\"";
    AppendEscaped(out, value, true);
    out += '"';
    separator = ',';
  };
  for (const ClientMetric::Label& label : sample.label) append(label.name, label.value);
  if (!bound.empty()) append("le", bound);
  out += '}';
}

void AppendSample(std::string& out, std::string_view name, std::string_view suffix,
                  const ClientMetric& sample, double value, std::string_view bound = {},
                  std::string_view exemplar = {}) {
  out += name;
  out += suffix;
  AppendLabels(out, sample, bound);
  out += ' ';
  AppendNumber(out, value);
  if (!exemplar.empty()) out.append(" # ").append(exemplar);
  out += '\n';
}

class Writer {
 public:
  Writer(ExpositionFormat format, const Exemplars& exemplars)
      : open_(format == ExpositionFormat::kOpenMetrics), exemplars_(exemplars) {}

  void Family(const MetricFamily& family) {
    std::string_view name = family.name;
    if (open_ && family.type == MetricType::Counter && name.ends_with(kTotal)) {
      name.remove_suffix(kTotal.size());
    }
    out_.append("# HELP ").append(name) += ' ';
    AppendEscaped(out_, family.help, open_);
    out_.append("\n# TYPE ").append(name) += ' ';
    out_.append(TypeName(family.type)) += '\n';
    const bool has_exemplars = open_ && family.name == exemplars_.family;
    for (std::size_t i = 0; i < family.metric.size(); ++i) {
      const bool has = has_exemplars && i < exemplars_.texts.size();
      Sample(family, family.metric[i], has ? exemplars_.texts[i] : std::string_view());
    }
  }

  std::string Take() {
    if (open_) out_ += "# EOF\n";
    return std::move(out_);
  }

 private:
  static constexpr std::string_view kTotal = "_total";

  static std::string_view TypeName(MetricType type);

  void Sample(const MetricFamily& family, const ClientMetric& sample, std::string_view exemplar) {
    if (family.type == MetricType::Counter) {
      AppendSample(out_, family.name, "", sample, sample.counter.value, {}, exemplar);
    } else if (family.type == MetricType::Histogram) {
      Histogram(family.name, sample);
    } else {
      AppendSample(out_, family.name, "", sample, sample.gauge.value);
    }
  }

  void Histogram(std::string_view name, const ClientMetric& sample) {
    const ClientMetric::Histogram& histogram = sample.histogram;
    for (const ClientMetric::Bucket& bucket : histogram.bucket) {
      AppendSample(out_, name, "_bucket", sample, static_cast<double>(bucket.cumulative_count),
                   Bound(bucket.upper_bound));
    }
    const auto count = static_cast<double>(histogram.sample_count);
    AppendSample(out_, name, "_bucket", sample, count, "+Inf");
    AppendSample(out_, name, "_count", sample, count);
    AppendSample(out_, name, "_sum", sample, histogram.sample_sum);
  }

  // OpenMetrics wants "1.0", not "1": bounds must be the same text everywhere.
  std::string Bound(double bound) const {
    std::string text;
    AppendNumber(text, bound);
    if (open_ && text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    return text;
  }

  bool open_;
  const Exemplars& exemplars_;
  std::string out_;
};

std::string_view Writer::TypeName(MetricType type) {
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

}  // namespace

std::string Serialize(const Families& families, ExpositionFormat format,
                      const Exemplars& exemplars) {
  Writer writer(format, exemplars);
  for (const MetricFamily& family : families) writer.Family(family);
  return writer.Take();
}

}  // namespace bouncesight
