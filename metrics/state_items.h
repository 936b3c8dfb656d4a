// The items of a Snapshot's lists as bytes: shared by the whole record (state_codec.h) and by what
// changed in it (state_change.h). metrics/STATE.md has the layout.
//
// Readers bound what they read by the tables of the snapshot so far, as Snapshot's readers may not
// look outside of them; that nothing occurs twice is for IsConsistent, once all is read.
#pragma once

#include <string>

#include "metrics/byte_codec.h"
#include "metrics/counter_codec.h"
#include "metrics/snapshot.h"

namespace bouncesight {

inline NameCounts NameCountsOf(const Snapshot& snapshot) {
  return {snapshot.causes.size(), snapshot.providers.size(), snapshot.rules.size()};
}

void WriteItem(ByteWriter& out, const Snapshot& snapshot, const std::string& name);
void WriteItem(ByteWriter& out, const Snapshot& snapshot, const DomainTotals& domain);
void WriteItem(ByteWriter& out, const Snapshot& snapshot, const SourceTotals& source);
void WriteItem(ByteWriter& out, const Snapshot& snapshot, const InstanceTotals& instance);
void WriteItem(ByteWriter& out, const Snapshot& snapshot, const DomainSeries& series);
void WriteItem(ByteWriter& out, const Snapshot& snapshot, const DomainDeliveries& deliveries);
void WriteItem(ByteWriter& out, const Snapshot& snapshot, const ListTotals& list);

void ReadItem(ByteReader& in, const Snapshot& snapshot, std::string& name);
void ReadItem(ByteReader& in, const Snapshot& snapshot, DomainTotals& domain);
void ReadItem(ByteReader& in, const Snapshot& snapshot, SourceTotals& source);
void ReadItem(ByteReader& in, const Snapshot& snapshot, InstanceTotals& instance);
void ReadItem(ByteReader& in, const Snapshot& snapshot, DomainSeries& series);
void ReadItem(ByteReader& in, const Snapshot& snapshot, DomainDeliveries& deliveries);
void ReadItem(ByteReader& in, const Snapshot& snapshot, ListTotals& list);

// Every list in the order in which it can be read: an item refers to lists before its own only.
template <typename Visit, typename... Snapshots>
void ForEachList(Visit&& visit, Snapshots&... same) {
  visit(same.causes...);
  visit(same.providers...);
  visit(same.rules...);
  visit(same.domains...);
  visit(same.sources...);
  visit(same.instances...);
  visit(same.domain_series...);
  visit(same.domain_deliveries...);
  visit(same.lists...);
}

// Every reference points into its table, and no name or series occurs twice: two with the same
// labels spoil a whole scrape.
bool IsConsistent(const Snapshot& snapshot);

}  // namespace bouncesight
