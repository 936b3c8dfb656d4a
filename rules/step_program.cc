#include "rules/step_program.h"

#include <algorithm>
#include <string_view>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

using AtomKind = PatternAtom::Kind;
using StepKind = Step::Kind;

constexpr std::size_t kMostSteps = 0xffff;

// A class that lists its members, without ranges and escapes.
bool IsListed(std::string_view members) {
  return !members.empty() && !members.starts_with('^') &&
         members.find_first_of("-\\[]") == std::string_view::npos;
}

class StepWriter {
 public:
  explicit StepWriter(const PatternTree& tree) : tree_(tree) {}

  std::optional<StepProgram> Run(std::span<const PatternSequence> branches) {
    Choice(branches, false);
    if (!good_ || steps_.size() > kMostSteps) return std::nullopt;
    return std::move(steps_);
  }

 private:
  void Put(StepKind kind, char value = 0) {
    steps_.push_back({kind, static_cast<std::uint8_t>(value), 0});
  }
  // Sets the size of the step at `at` once all that belongs to it is there.
  void Close(std::size_t at) {
    steps_[at].size = static_cast<std::uint16_t>(steps_.size() - at - 1);
  }

  void Choice(std::span<const PatternSequence> branches, bool optional) {
    const std::size_t choice = steps_.size();
    Put(StepKind::kChoice);
    for (const PatternSequence& branch : branches) {
      const std::size_t start = steps_.size();
      Put(StepKind::kBranch);
      for (const PatternAtom& atom : branch.atoms) Atom(atom);
      Close(start);
    }
    if (optional) Put(StepKind::kBranch);
    Close(choice);
  }

  void Bytes(std::string_view members, bool optional) {
    const std::size_t choice = steps_.size();
    Put(StepKind::kChoice);
    for (const char byte : members) {
      Put(StepKind::kBranch);
      Put(StepKind::kByte, ToLower(byte));
      steps_[steps_.size() - 2].size = 1;
    }
    if (optional) Put(StepKind::kBranch);
    Close(choice);
  }

  // `(…)*`, `\d*` and `\d+`. False: the atom is something else.
  bool Many(const PatternAtom& atom, char sign) {
    const bool group = atom.kind == AtomKind::kGroup && sign == '*';
    const bool digits = IsDigitKind(atom) && (sign == '*' || sign == '+');
    if (group) {
      const std::size_t start = steps_.size();
      Put(StepKind::kRepeat);
      Choice(atom.branches, false);
      Close(start);
    }
    if (digits && sign == '+') Put(StepKind::kDigit);
    if (digits) Put(StepKind::kDigits);
    return group || digits;
  }

  void Atom(const PatternAtom& atom) {
    const char sign = atom.repeats.empty() ? ' ' : atom.repeats.front().sign;
    const bool optional = sign == '?';
    const bool gap = atom.kind == AtomKind::kAny && sign == '*';
    good_ = good_ && atom.repeats.size() <= 1 && steps_.size() <= kMostSteps;
    if (!good_ || Many(atom, sign)) return;
    good_ = sign == ' ' || optional || gap;
    if (good_) One(atom, optional);
  }

  void One(const PatternAtom& atom, bool optional) {
    switch (atom.kind) {
      case AtomKind::kByte:
        return optional ? Bytes({&atom.byte, 1}, true) : Put(StepKind::kByte, ToLower(atom.byte));
      case AtomKind::kGroup:
        return Choice(atom.branches, optional);
      case AtomKind::kClass:
        return Class(tree_.TextOf(atom), optional);
      case AtomKind::kAny:
        good_ = !atom.repeats.empty() && !optional;
        return Put(StepKind::kGap);
      case AtomKind::kKind:
        good_ = IsDigitKind(atom) && !optional;
        return Put(StepKind::kDigit);
      default:
        good_ = !optional && IsEdge(atom.kind);
        return Put(atom.kind == AtomKind::kBoundary ? StepKind::kBoundary
                   : atom.kind == AtomKind::kStart  ? StepKind::kStart
                                                    : StepKind::kEnd);
    }
  }

  bool IsDigitKind(const PatternAtom& atom) const {
    return atom.kind == AtomKind::kKind && tree_.TextOf(atom) == "\\d";
  }

  static bool IsEdge(AtomKind kind) {
    return kind == AtomKind::kBoundary || kind == AtomKind::kStart || kind == AtomKind::kEnd;
  }

  void Class(std::string_view text, bool optional) {
    const std::string_view members = text.substr(1, text.size() - 2);
    good_ = IsListed(members);
    if (good_) Bytes(members, optional);
  }

  const PatternTree& tree_;
  StepProgram steps_;
  bool good_ = true;
};

}  // namespace

std::optional<StepProgram> StepsOf(const PatternTree& tree,
                                   std::span<const PatternSequence> branches) {
  if (!tree.sound || !tree.plain) return std::nullopt;
  return StepWriter(tree).Run(branches);
}

void StepPrograms::Add(std::uint32_t id, const StepProgram& program) {
  entries_.push_back(
      {id, static_cast<std::uint32_t>(steps_.size()), static_cast<std::uint32_t>(program.size())});
  steps_.insert(steps_.end(), program.begin(), program.end());
}

std::uint32_t StepPrograms::Find(std::uint32_t id) const {
  const auto at =
      std::lower_bound(entries_.begin(), entries_.end(), id,
                       [](const Entry& entry, std::uint32_t key) { return entry.id < key; });
  if (at == entries_.end() || at->id != id) return kNone;
  return static_cast<std::uint32_t>(at - entries_.begin());
}

std::span<const Step> StepPrograms::program(std::uint32_t number) const {
  const Entry& entry = entries_[number];
  return std::span(steps_).subspan(entry.first, entry.size);
}

}  // namespace bouncesight
