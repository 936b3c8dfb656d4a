#include "rules/place_sets.h"

#include <algorithm>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

constexpr std::uint8_t kEdgeByte = '\n';

bool IsWord(std::uint8_t byte) {
  const char c = static_cast<char>(byte);
  return IsLower(c) || IsDigit(c) || c == '_';
}

}  // namespace

PlaceSets::PlaceSets()
    : bytes_(256, Places{}), seen_{}, digits_{}, no_digits_{}, boundaries_{}, starts_{} {}

void PlaceSets::Read(const FoldedText& text) {
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) {
    if (seen_[byte]) std::fill_n(bytes_[byte].begin(), words_, 0);
  }
  seen_.fill(false);
  words_ = text.size() / 64 + 1;
  std::fill_n(boundaries_.begin(), words_, 0);
  std::fill_n(digits_.begin(), words_, 0);
  bool before = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<std::uint8_t>(text.data()[at]);
    const std::uint64_t bit = std::uint64_t{1} << at % 64;
    bytes_[byte][at / 64] |= bit;
    seen_[byte] = true;
    if (IsDigit(static_cast<char>(byte))) digits_[at / 64] |= bit;
    if (IsWord(byte) != before) boundaries_[at / 64] |= bit;
    before = IsWord(byte);
  }
  for (std::size_t i = 0; i < words_; ++i) no_digits_[i] = ~digits_[i];
  std::fill_n(starts_.begin(), words_, ~std::uint64_t{0});
  Pass(bytes_[kEdgeByte], starts_);
}

bool PlaceSets::Hold(std::span<const Step> program) const {
  Places places;  // without initial values, as below: only words_ of them are used
  std::fill_n(places.begin(), words_, ~std::uint64_t{0});
  return Move(program, places);
}

// False: no place is left.
bool PlaceSets::Move(std::span<const Step> steps, Places& places) const {
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const Step& step = steps[at];
    const auto inner = steps.subspan(at + 1, step.size);
    at += step.size;
    if (step.kind == Step::Kind::kRepeat) {
      Repeat(inner, places);
    } else if (step.kind == Step::Kind::kChoice ? !Choose(inner, places) : !MoveOne(step, places)) {
      return false;
    }
  }
  return true;
}

bool PlaceSets::MoveOne(const Step& step, Places& places) const {
  switch (step.kind) {
    case Step::Kind::kByte:
      return Pass(bytes_[step.value], places);
    case Step::Kind::kDigit:
      return Pass(digits_, places);
    case Step::Kind::kDigits:
      PassRuns(no_digits_, places);
      return true;
    case Step::Kind::kBoundary:
      return Keep(boundaries_, places);
    case Step::Kind::kStart:
      return Keep(starts_, places);
    case Step::Kind::kEnd:
      return Keep(bytes_[kEdgeByte], places);
    default:
      PassRuns(bytes_[kEdgeByte], places);
      return true;
  }
}

bool PlaceSets::Choose(std::span<const Step> branches, Places& places) const {
  Places all;
  Places one;
  std::fill_n(all.begin(), words_, 0);
  bool any = false;
  while (!branches.empty()) {
    const std::size_t size = branches.front().size;
    std::copy_n(places.begin(), words_, one.begin());
    if (Move(branches.subspan(1, size), one)) {
      any = true;
      for (std::size_t i = 0; i < words_; ++i) all[i] |= one[i];
    }
    branches = branches.subspan(1 + size);
  }
  std::copy_n(all.begin(), words_, places.begin());
  return any;
}

// As long as new places are found.
void PlaceSets::Repeat(std::span<const Step> steps, Places& places) const {
  Places fresh;
  std::copy_n(places.begin(), words_, fresh.begin());
  while (Move(steps, fresh)) {
    std::uint64_t any = 0;
    for (std::size_t i = 0; i < words_; ++i) {
      any |= fresh[i] &= ~places[i];
      places[i] |= fresh[i];
    }
    if (any == 0) return;
  }
}

bool PlaceSets::Pass(const Places& there, Places& places) const {
  std::uint64_t carry = 0;
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < words_; ++i) {
    const std::uint64_t on_it = places[i] & there[i];
    places[i] = on_it << 1 | carry;
    carry = on_it >> 63;
    any |= on_it;
  }
  return any != 0;
}

// From each place on up to the next of `ends`. What may be passed are ones in a row: adding a place
// to them carries through to their end, and the bits that changed are the places reached.
void PlaceSets::PassRuns(const Places& ends, Places& places) const {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < words_; ++i) {
    const std::uint64_t passable = ~ends[i];
    std::uint64_t sum = (places[i] & passable) + passable;
    std::uint64_t next = sum < passable ? 1 : 0;
    sum += carry;
    next |= sum < carry ? 1 : 0;
    places[i] |= sum ^ passable;
    carry = next;
  }
}

bool PlaceSets::Keep(const Places& allowed, Places& places) const {
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < words_; ++i) any |= places[i] &= allowed[i];
  return any != 0;
}

}  // namespace bouncesight
