// Pieces of the journalled tables, as the state keeps them: bytes are refused and leave a table as
// it was, or make one that survives another trip.
#include <string>
#include <vector>

#include "metrics/joined_counts.h"
#include "metrics/message_join.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

namespace {

using namespace bouncesight;

const MessageTable::Limits kSmall{};

// The pieces stand between 0xFE 0xFD.
std::vector<std::string> PiecesOf(std::string_view rest) {
  constexpr std::string_view kCut = "\xfe\xfd";
  std::vector<std::string> pieces;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(kCut), rest.size());
    pieces.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + kCut.size(), rest.size()));
  }
  return pieces;
}

void Use(MessageJoin& join) {
  join.WaitingNow();
  join.ForEachOpen([](std::uint64_t, const MessageFacts&) {});
}

void TryJoin(const std::vector<std::string>& pieces, const RuleNames& names) {
  MessageJoin join(MessageJoin::Keep::kDomains, kSmall);
  if (!join.Restore(pieces, names)) {
    Require(join.WaitingNow().empty(), "what was refused has left nothing");
    return;
  }
  Use(join);
  const std::string whole = join.Take(names, true).bytes;
  MessageJoin again(MessageJoin::Keep::kDomains, kSmall);
  Require(again.Restore({whole}, names).has_value(), "what was taken is understood");
  Require(again.Take(names, true).bytes == whole, "a round trip changes nothing");
  Require(again.WaitingNow() == join.WaitingNow(), "as many wait");
}

void TryCounts(const std::vector<std::string>& pieces, const RuleNames& names) {
  JoinedCounts counts(true);
  if (!counts.Restore(pieces, names)) return;
  const std::string whole = counts.Take(names, true).bytes;
  JoinedCounts again(true);
  Require(again.Restore({whole}, names).has_value(), "what was taken is understood");
  Require(again.Take(names, true).bytes == whole, "a round trip changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const RuleNames kNames = *BuiltinNames();
  const auto pieces = PiecesOf(fuzz::Text(data + 1, size - 1));
  if (pieces.empty()) return 0;
  if (data[0] % 2 == 0) {
    TryJoin(pieces, kNames);
  } else {
    TryCounts(pieces, kNames);
  }
  return 0;
}
