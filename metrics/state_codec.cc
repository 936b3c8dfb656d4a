#include "metrics/state_codec.h"

#include <string>

#include "metrics/state_items.h"
#include "metrics/state_parts.h"

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "bouncesight state";
constexpr std::uint64_t kVersion = 4;
constexpr std::uint64_t kOldest = 1;
constexpr std::uint64_t kFirstOfLists = 3;     // before it, lists had another layout
constexpr std::uint64_t kFirstWithTables = 4;  // before it, a table was a blob

template <typename List, typename Write>
void WriteList(ByteWriter& out, const List& list, Write&& write) {
  out.Number(list.size());
  for (const auto& one : list) write(one);
}

void WriteSnapshot(ByteWriter& out, const Snapshot& snapshot) {
  out.Number(snapshot.generation);
  out.Number(snapshot.active_seconds);
  ForEachList(
      [&](const auto& list) {
        WriteList(out, list, [&](const auto& item) { WriteItem(out, snapshot, item); });
      },
      snapshot);
  WriteCounters<LogCounters>(out, snapshot);
}

void ReadSnapshot(ByteReader& in, Snapshot& snapshot) {
  snapshot.generation = in.Number();
  snapshot.active_seconds = in.Number();
  ForEachList(
      [&](auto& list) {
        for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
          ReadItem(in, snapshot, list.emplace_back());
        }
      },
      snapshot);
  ReadCounters<LogCounters>(in, NameCountsOf(snapshot), snapshot);
  if (!IsConsistent(snapshot)) in.Fail();
}

void ReadBlobs(ByteReader& in, std::vector<StateBlob>& blobs) {
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    StateBlob& blob = blobs.emplace_back();
    blob.key = in.String();
    blob.bytes = in.String();
  }
}

void ReadTables(ByteReader& in, std::vector<StateTable>& tables) {
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    StateTable& table = tables.emplace_back();
    table.key = in.String();
    for (std::size_t j = in.Count(); j > 0 && in.ok(); --j) table.pieces.emplace_back(in.String());
  }
}

// What was last wrong with the messages of a source had a blob of its own; now the join knows it.
void DropReasons(StateRecord& record) {
  std::erase_if(record.blobs,
                [](const StateBlob& blob) { return blob.key.starts_with("reasons:"); });
}

}  // namespace

std::string EncodeState(const Snapshot& snapshot, const std::vector<StateBlob>& blobs,
                        const std::vector<TableView>& tables) {
  ByteWriter out;
  std::size_t bytes = 0;
  for (const TableView& table : tables) {
    for (const std::string_view piece : table.pieces) bytes += piece.size();
  }
  out.Reserve(bytes + bytes / 8);  // tables may be large, and are not to be copied again and again
  out.Raw(kMagic);
  out.Number(kVersion);
  WriteSnapshot(out, snapshot);
  WriteList(out, blobs, [&](const StateBlob& blob) {
    out.String(blob.key);
    out.String(blob.bytes);
  });
  WriteList(out, tables, [&](const TableView& table) {
    out.String(table.key);
    WriteList(out, table.pieces, [&](const std::string_view piece) { out.String(piece); });
  });
  return out.Take();
}

std::vector<TableView> ViewsOf(const std::vector<StateTable>& tables) {
  std::vector<TableView> views;
  views.reserve(tables.size());
  for (const StateTable& table : tables) {
    views.push_back({table.key, {table.pieces.begin(), table.pieces.end()}});
  }
  return views;
}

Result<StateRecord> DecodeState(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.Raw(kMagic.size()) != kMagic) {
    return Error{"the state record is none of bouncesight's; remove it to start from zero"};
  }
  const std::uint64_t version = in.Number();
  if (in.ok() && (version < kOldest || version > kVersion)) {
    return Error{"the state record has version " + std::to_string(version) +
                 ", this program reads up to " + std::to_string(kVersion) +
                 "; run the program that wrote it, or remove it"};
  }
  StateRecord record;
  if (version < kFirstOfLists) {
    ReadOldSnapshot(in, version, record.snapshot);
  } else {
    ReadSnapshot(in, record.snapshot);
  }
  ReadBlobs(in, record.blobs);
  if (version >= kFirstWithTables) {
    ReadTables(in, record.tables);
  } else {
    DropReasons(record);
  }
  if (!in.ok() || !in.at_end()) {
    return Error{"the state record is damaged; remove it to start from zero"};
  }
  return record;
}

}  // namespace bouncesight
