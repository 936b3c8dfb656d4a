#include "rules/match_memo.h"

#include <cstring>

namespace bouncesight {
namespace {

constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;

std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = (text.size() + 1) * kFactor;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32;
  }
  std::uint64_t tail = 0;
  std::memcpy(&tail, text.data() + at, text.size() - at);
  hash = (hash ^ tail) * kFactor;
  return hash ^ (hash >> 29);
}

}  // namespace

MatchMemo::Entry* MatchMemo::Find(std::string_view text, bool& fresh) {
  if (text.size() > kMaxText) return nullptr;
  const std::uint64_t hash = HashOf(text);
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
