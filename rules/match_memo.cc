#include "rules/match_memo.h"

#include <cstring>

#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kSeed = 0;  // a collision costs one entry its place

}  // namespace

MatchMemo::Entry* MatchMemo::Find(std::string_view text, bool& fresh) {
  if (text.size() > kMaxText) return nullptr;
  const std::uint64_t hash = HashBytes(text, kSeed);
  Entry& entry = entries_[hash & (entries_.size() - 1)];
  fresh = entry.hash != hash || entry.size != text.size() || entry.count > kMaxMatches ||
          std::memcmp(entry.text.data(), text.data(), text.size()) != 0;
  if (fresh) {
    entry.hash = hash;
    entry.size = static_cast<std::uint16_t>(text.size());
    entry.count = 0;
    std::memcpy(entry.text.data(), text.data(), text.size());
  }
  return &entry;
}

}  // namespace bouncesight
