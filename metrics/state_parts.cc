#include "metrics/state_parts.h"

namespace bouncesight {

std::vector<std::string> ReadNames(ByteReader& in) {
  Unique unique(in);
  std::vector<std::string> names;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    names.push_back(ReadLabel(in));
    unique.Add(names.back());
  }
  if (names.empty() || names.size() > 0xFFFE) in.Fail();  // their numbers have 16 bits
  return names;
}

void ReadDomains(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    DomainTotals& domain = snapshot.domains.emplace_back();
    domain.name = ReadLabel(in);
    unique.Add(domain.name);
    domain.last_active = in.Bounded(snapshot.active_seconds);
  }
  if (snapshot.domains.empty() || snapshot.domains[0].name != kOtherLabel) in.Fail();
}

SeriesKey ReadKey(ByteReader& in, const Snapshot& snapshot) {
  constexpr std::uint64_t k16Bits = 0xFFFF;
  SeriesKey key;
  key.domain = static_cast<std::uint32_t>(in.Bounded(snapshot.domains.size() - 1));
  key.provider = static_cast<std::uint16_t>(in.Bounded(snapshot.providers.size() - 1));
  key.cause = static_cast<std::uint16_t>(in.Bounded(snapshot.causes.size() - 1));
  key.code = static_cast<std::uint16_t>(in.Bounded(k16Bits));
  key.enhanced.status_class = static_cast<std::uint8_t>(in.Bounded(0xFF));
  key.enhanced.subject = static_cast<std::uint16_t>(in.Bounded(k16Bits));
  key.enhanced.detail = static_cast<std::uint16_t>(in.Bounded(k16Bits));
  // No label tells one absent code from another: two would be one series, twice.
  if (!key.enhanced.present()) key.enhanced = {};
  return key;
}

void ReadInstanceLabels(ByteReader& in, const Snapshot& snapshot, InstanceTotals& instance,
                        Unique& unique) {
  instance.source = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
  if (instance.source >= snapshot.sources.size()) in.Fail();
  instance.mta = static_cast<Mta>(in.Bounded(kMtaCount - 1));
  instance.name = ReadLabel(in);
  unique.Add(std::to_string(instance.source) + ' ' +
             std::to_string(static_cast<int>(instance.mta)) + ' ' + instance.name);
}

}  // namespace bouncesight
