#include "rules/pattern_width.h"

#include <algorithm>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

using Kind = PatternAtom::Kind;

// Plain members and ranges between letters or digits. `text`: with its brackets.
bool IsPlainClass(std::string_view text) {
  text = text.substr(1, text.size() - 2);
  if (text.starts_with('^')) text.remove_prefix(1);
  if (text.starts_with(']') || text.find_first_of("[\\") != std::string_view::npos) return false;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] != '-') continue;
    const char from = text[at - 1];
    const char to = text[at + 1];
    if (!IsAlnum(from) || !IsAlnum(to) || from > to) return false;
  }
  return true;
}

class WidthVisitor {
 public:
  WidthVisitor(const PatternTree& tree, std::span<const PatternSequence> branches)
      : tree_(tree), start_(branches.front().at), end_(branches.back().end) {}

  std::optional<unsigned> Run(std::span<const PatternSequence> branches) {
    const unsigned width = Choice(branches);
    return known_ ? std::optional(width) : std::nullopt;
  }

 private:
  unsigned Unknown() {
    known_ = false;
    return 0;
  }

  unsigned Choice(std::span<const PatternSequence> branches) {
    unsigned least = Sequence(branches.front());
    for (const PatternSequence& branch : branches.subspan(1)) {
      least = std::min(least, Sequence(branch));
    }
    return least;
  }

  unsigned Sequence(const PatternSequence& sequence) {
    unsigned width = 0;
    for (const PatternAtom& atom : sequence.atoms) {
      const unsigned one = Atom(atom);
      const bool has_width = one > 0 || (atom.kind != Kind::kGroup && !IsEdge(atom));
      width += one * LeastRepeats(atom, has_width);
    }
    return width;
  }

  static bool IsEdge(const PatternAtom& atom) {
    return atom.kind == Kind::kBoundary || atom.kind == Kind::kStart || atom.kind == Kind::kEnd;
  }

  // An edge among other things may ask for a byte more ('spam.*\bspf'), or be refused.
  unsigned Atom(const PatternAtom& atom) {
    const bool first = atom.at == start_;
    const bool last = atom.at + atom.size == end_;
    switch (atom.kind) {
      case Kind::kGroup:
        return Choice(atom.branches);
      case Kind::kClass:
        return IsPlainClass(tree_.TextOf(atom)) ? 1 : Unknown();
      case Kind::kStart:
        return first ? 0 : Unknown();
      case Kind::kEnd:
        return last ? 0 : Unknown();
      case Kind::kBoundary:
        return first || last ? 0 : Unknown();
      case Kind::kEscape:
      case Kind::kOther:
        return Unknown();
      default:
        return 1;
    }
  }

  unsigned LeastRepeats(const PatternAtom& atom, bool repeatable) {
    if (atom.repeats.empty()) return 1;
    const bool lazy = atom.repeats.size() == 2 && atom.repeats[1].sign == '?';
    if (!repeatable || (atom.repeats.size() > 1 && !lazy)) return Unknown();
    const PatternRepeat& repeat = atom.repeats.front();
    if (repeat.sign != '{') return repeat.sign == '+' ? 1 : 0;
    const unsigned most = repeat.open ? kMostRepeats : repeat.most;
    const bool sound = repeat.sound && repeat.least <= most && most > 0 && most <= kMostRepeats;
    return sound ? repeat.least : Unknown();
  }

  const PatternTree& tree_;
  std::size_t start_;
  std::size_t end_;
  bool known_ = true;
};

}  // namespace

std::optional<unsigned> PatternWidth(const PatternTree& tree) {
  return PatternWidth(tree, tree.branches);
}

std::optional<unsigned> PatternWidth(const PatternTree& tree,
                                     std::span<const PatternSequence> branches) {
  if (!tree.sound || !tree.plain) return std::nullopt;
  return WidthVisitor(tree, branches).Run(branches);
}

}  // namespace bouncesight
