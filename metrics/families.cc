#include "metrics/families.h"

#include "metrics/label.h"

namespace bouncesight {

FamilyBuilder::FamilyBuilder(Families& families, std::string_view name, std::string_view help,
                             prometheus::MetricType type)
    : families_(families) {
  prometheus::MetricFamily& family = families_.emplace_back();
  family.name = "bouncesight_";
  if (name.starts_with("process_")) family.name.clear();  // the names that every exporter shares
  family.name += name;
  family.help = help;
  family.type = type;
}

FamilyBuilder::~FamilyBuilder() {
  if (families_.back().metric.empty()) families_.pop_back();
}

prometheus::ClientMetric& FamilyBuilder::Sample(Labels labels) {
  prometheus::ClientMetric& sample = families_.back().metric.emplace_back();
  sample.label.reserve(labels.size());
  for (const Label& label : labels) {
    sample.label.push_back({std::string(label.name), IsLabel(label.value)
                                                         ? std::string(label.value)
                                                         : NameLabel(label.value)});
  }
  return sample;
}

void FamilyBuilder::Add(Labels labels, double value) {
  prometheus::ClientMetric& sample = Sample(labels);
  if (families_.back().type == prometheus::MetricType::Counter) {
    sample.counter.value = value;
  } else {
    sample.gauge.value = value;
  }
}

void FamilyBuilder::Add(Labels labels, const DelayHistogram& histogram) {
  prometheus::ClientMetric::Histogram& out = Sample(labels).histogram;
  out.sample_sum = static_cast<double>(histogram.sum_milliseconds) / 1000;
  for (std::size_t i = 0; i < kDelayBounds.size(); ++i) {
    out.sample_count += histogram.buckets[i];
    out.bucket.push_back({out.sample_count, kDelayBounds[i]});
  }
  out.sample_count += histogram.buckets.back();
}

std::vector<prometheus::MetricFamily> MetricsCollectable::Collect() const {
  Families families;
  AppendLogFamilies(snapshot_, families);
  AppendLiveFamilies(live_, families);
  return families;
}

}  // namespace bouncesight
