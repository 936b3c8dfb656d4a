// What a commit writes behind the state record: what is different from the commit before. One state
// and its changes, in their order, give the state after them, exactly.
//
// Names, domains and series are told by their place: lists grow at their end, so what stood there
// before is told by a gap of a byte. Where a list did not only grow (a domain gave way to another
// one) it is written anew from the first place that differs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metrics/state_codec.h"

namespace bouncesight {

// A state without its tables, of which only pieces are at hand. Views: for the call.
struct StateView {
  const Snapshot& snapshot;
  const std::vector<StateBlob>& blobs;
};

// What is new of one table.
struct TableChange {
  std::string key;
  bool whole = false;               // pieces[0] is, and outdates what the state has
  std::vector<std::string> pieces;  // in their order
};

// `gone` names the tables that the state shall hold no more. Walks over both snapshots.
std::string EncodeChange(const StateView& before, const StateView& after,
                         const std::vector<TableChange>& tables,
                         const std::vector<std::string>& gone = {});

// Makes `record` the state after the change. An Error: not a change of this record, or of a newer
// program's format; the record is of no use then.
Status ApplyChange(std::string_view bytes, StateRecord& record);

// The state after all of `changes`, which must make sense as a whole, as that of a record must.
Result<StateRecord> DecodeState(std::string_view record, const std::vector<std::string>& changes);

}  // namespace bouncesight
