// Whether a text holds a pattern of choices and gaps (step_program.h): sets of places, a bit each,
// are moved through its steps, all places at once. A step costs a few operations for each 64 bytes
// of the text, whatever the text and the pattern: nothing is tried twice, so no text is slow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rules/phrase_table.h"
#include "rules/step_program.h"

namespace bouncesight {

// One per worker: some 140 KiB. Does not allocate after it was made.
class PlaceSets {
 public:
  PlaceSets();

  // The text that all later calls are about. It is not kept.
  void Read(const FoldedText& text);
  bool Hold(std::span<const Step> program) const;

 private:
  // Bit p: before the byte at p.
  static constexpr std::size_t kWords = (FoldedText::kMaxBytes + 2) / 64 + 1;
  using Places = std::array<std::uint64_t, kWords>;

  bool Move(std::span<const Step> steps, Places& places) const;
  bool MoveOne(const Step& step, Places& places) const;
  bool Choose(std::span<const Step> branches, Places& places) const;
  void Repeat(std::span<const Step> steps, Places& places) const;
  bool Pass(const Places& there, Places& places) const;
  void PassRuns(const Places& ends, Places& places) const;
  bool Keep(const Places& allowed, Places& places) const;

  std::size_t words_ = 0;       // in use
  std::vector<Places> bytes_;   // by byte: where it stands
  std::array<bool, 256> seen_;  // which of them are not empty
  Places digits_;
  Places no_digits_;
  Places boundaries_;
  Places starts_;
};

}  // namespace bouncesight
