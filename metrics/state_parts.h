// What the readers of all versions of the state record share.
#pragma once

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "metrics/byte_codec.h"
#include "metrics/label.h"
#include "metrics/snapshot.h"

namespace bouncesight {

// What must not occur twice: two series with the same labels spoil a whole scrape.
class Unique {
 public:
  explicit Unique(ByteReader& in) : in_(in) {}
  void Add(std::string key) {
    if (!seen_.insert(std::move(key)).second) in_.Fail();
  }

 private:
  ByteReader& in_;
  std::unordered_set<std::string> seen_;
};

inline std::string ReadLabel(ByteReader& in) {
  const std::string_view name = in.String();
  if (!IsLabel(name)) in.Fail();
  return std::string(name);
}

// At least one name.
std::vector<std::string> ReadNames(ByteReader& in);
void ReadDomains(ByteReader& in, Snapshot& snapshot);
// The key of domain_failures_total but for its source and outcome.
SeriesKey ReadKey(ByteReader& in, const Snapshot& snapshot);
void ReadInstanceLabels(ByteReader& in, const Snapshot& snapshot, InstanceTotals& instance,
                        Unique& unique);

// Versions 1 and 2, which counted refusals of our own beside deliveries, and no sources of domains
// and lists. Where the record has one source, they are its.
void ReadOldSnapshot(ByteReader& in, std::uint64_t version, Snapshot& snapshot);

}  // namespace bouncesight
