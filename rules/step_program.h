// A pattern of choices and gaps as steps for PlaceSets (place_sets.h). Written out, such a pattern
// would be too many phrases; Hyperscan would take milliseconds to compile it.
//
// What holds others comes before them, with the number of steps that belong to it:
// 'no (such )?user' is n, o, blank, choice 7, branch 5, s, u, c, h, blank, branch 0, u, …
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/pattern_tree.h"

namespace bouncesight {

struct Step {
  enum class Kind : std::uint8_t {
    kByte,      // itself, in lower case
    kDigit,     // \d
    kDigits,    // \d*
    kGap,       // anything within a line, or nothing
    kBoundary,  // the start or end of a word
    kStart,     // of a line
    kEnd,       // of a line
    kChoice,    // one of the branches in the `size` steps that follow
    kBranch,    // the `size` steps that follow
    kRepeat,    // the `size` steps that follow, any number of times
  };
  Kind kind = Kind::kByte;
  std::uint8_t value = 0;  // of a byte
  std::uint16_t size = 0;

  friend bool operator==(Step, Step) = default;
};
using StepProgram = std::vector<Step>;

// Of some alternatives of a pattern. std::nullopt: there is more in it than bytes, choices, `?`,
// `(…)*`, small classes such as [sz], `\d`, `\d+`, edges and `.*`.
std::optional<StepProgram> StepsOf(const PatternTree& tree,
                                   std::span<const PatternSequence> branches);

// The programs of a table's patterns, by the pattern's id.
class StepPrograms {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // Ids must rise.
  void Add(std::uint32_t id, const StepProgram& program);
  // Its number, counted from 0; kNone: the pattern has no program.
  std::uint32_t Find(std::uint32_t id) const;
  // Valid until the next Add.
  std::span<const Step> program(std::uint32_t number) const;
  std::size_t size() const { return entries_.size(); }

  friend bool operator==(const StepPrograms&, const StepPrograms&) = default;

  // All that there is, for an archive (catalog_image.cc) that writes or reads it.
  template <typename Archive>
  void Fields(Archive& archive) {
    archive(entries_, steps_);
  }

 private:
  struct Entry {
    std::uint32_t id = 0;
    std::uint32_t first = 0;
    std::uint32_t size = 0;

    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries_;
  std::vector<Step> steps_;
};

}  // namespace bouncesight
