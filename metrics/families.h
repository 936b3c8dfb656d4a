// A snapshot and the process's health as prometheus::Collectable sees metrics: every family of the
// logs is in log_families.cc, every one of the process in live_families.cc.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include "metrics/live.h"
#include "metrics/snapshot.h"

namespace bouncesight {

using Families = std::vector<prometheus::MetricFamily>;

// Appends one family and then its samples. Label names and help are constants of ours; label values
// pass through label.h's alphabet here, whatever a caller gives.
class FamilyBuilder {
 public:
  struct Label {
    std::string_view name;
    std::string_view value;
  };
  using Labels = std::initializer_list<Label>;

  FamilyBuilder(Families& families, std::string_view name, std::string_view help,
                prometheus::MetricType type);
  // A family without samples is taken back.
  ~FamilyBuilder();
  FamilyBuilder(const FamilyBuilder&) = delete;
  FamilyBuilder& operator=(const FamilyBuilder&) = delete;

  void Add(Labels labels, double value);
  void Add(Labels labels, std::uint64_t value) { Add(labels, static_cast<double>(value)); }
  void Add(Labels labels, const DelayHistogram& histogram);
  void Reserve(std::size_t samples) { families_.back().metric.reserve(samples); }

 private:
  prometheus::ClientMetric& Sample(Labels labels);

  Families& families_;
};

// The exemplars of one family's samples, in their order, as OpenMetrics writes them behind a value
// ("{queue_id=\"…\",rule=\"…\"} 1"); an empty text where there is none, no texts for none at all.
struct Exemplars {
  std::string_view family;
  std::vector<std::string> texts;
};
Exemplars FailureExemplars(const Snapshot& snapshot);

void AppendLogFamilies(const Snapshot& snapshot, Families& families);
// Those of the join by queue id, at the end of the ones above.
void AppendJoinedFamilies(const Snapshot& snapshot, Families& families);
void AppendLiveFamilies(const Live& live, Families& families);

// For a prometheus::Registry, or any other server of prometheus-cpp's families. The references must
// outlive it.
class MetricsCollectable : public prometheus::Collectable {
 public:
  MetricsCollectable(const Snapshot& snapshot, const Live& live)
      : snapshot_(snapshot), live_(live) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Snapshot& snapshot_;
  const Live& live_;
};

}  // namespace bouncesight
