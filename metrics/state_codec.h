// The state record: a snapshot, where each source stood when it was taken, and the tables of its
// workers. Versioned, bounds checked, and the same bytes for the same state. The caller's store
// adds the checksum and decides which record is the newest; state_change.h has what a commit writes
// behind it. metrics/STATE.md describes the layout.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metrics/snapshot.h"
#include "parsers/event/result.h"

namespace bouncesight {

// What a source needs to go on: bytes that only their owner, named by `key`, understands.
struct StateBlob {
  std::string key;  // for example "source:mail", "messages:mail" (daemon/STATE.md)
  std::string bytes;

  friend bool operator==(const StateBlob&, const StateBlob&) = default;
};

// A journalled table (journalled_table.h): its last whole piece, and the changes after it.
struct StateTable {
  std::string key;  // "messages:mail"
  std::vector<std::string> pieces;

  friend bool operator==(const StateTable&, const StateTable&) = default;
};

// The same for writing: views, for the call.
struct TableView {
  std::string_view key;
  std::vector<std::string_view> pieces;
};

struct StateRecord {
  Snapshot snapshot;
  std::vector<StateBlob> blobs;
  std::vector<StateTable> tables;

  friend bool operator==(const StateRecord&, const StateRecord&) = default;
};

std::string EncodeState(const Snapshot& snapshot, const std::vector<StateBlob>& blobs,
                        const std::vector<TableView>& tables = {});
std::vector<TableView> ViewsOf(const std::vector<StateTable>& tables);

// Refuses a foreign version, a cut or overlong record, and any number that points outside its
// table. Takes over what every older version wrote.
Result<StateRecord> DecodeState(std::string_view bytes);

}  // namespace bouncesight
