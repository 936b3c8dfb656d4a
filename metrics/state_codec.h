// The state record: a snapshot, and where each source stood when it was taken. Versioned, bounds
// checked, and the same bytes for the same state. The caller's store adds the checksum and decides
// which record is the newest. metrics/STATE.md describes the layout.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metrics/snapshot.h"
#include "parsers/event/result.h"

namespace bouncesight {

// What a source needs to go on: bytes that only their owner, named by `key`, understands.
struct StateBlob {
  std::string key;  // for example "source:mail", "reasons:mail" (daemon/STATE.md)
  std::string bytes;

  friend bool operator==(const StateBlob&, const StateBlob&) = default;
};

struct StateRecord {
  Snapshot snapshot;
  std::vector<StateBlob> blobs;

  friend bool operator==(const StateRecord&, const StateRecord&) = default;
};

std::string EncodeState(const Snapshot& snapshot, const std::vector<StateBlob>& blobs);

// Refuses a foreign version, a cut or overlong record, and any number that points outside its
// table.
Result<StateRecord> DecodeState(std::string_view bytes);

}  // namespace bouncesight
