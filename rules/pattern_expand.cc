#include "rules/pattern_expand.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <unordered_set>
#include <utility>

#include "parsers/text/ascii.h"
#include "rules/pattern_width.h"

namespace bouncesight {
namespace {

using AtomKind = PatternAtom::Kind;
using ItemKind = PhraseItem::Kind;
using Phrases = std::vector<Phrase>;
using Branches = std::span<const PatternSequence>;

constexpr std::size_t kMostClassMembers = 8;
constexpr std::uint32_t kWidestMargin = 99;

Phrases Only(ItemKind kind, std::uint8_t value = 0) { return {{PhraseItem{kind, value}}}; }

class Expander {
 public:
  // `outline`: what has no end becomes a gap; else it ends the writing out.
  Expander(const PatternTree& tree, bool outline, const WindowCounts& typical)
      : tree_(tree), outline_(outline), typical_(typical) {}

  Phrases Choice(Branches branches) {
    Phrases phrases;
    for (const PatternSequence& branch : branches) Append(Sequence(branch), phrases);
    return phrases;
  }

  bool finite() const { return finite_; }
  bool within_limits() const { return within_limits_; }
  bool exact() const { return exact_; }

 private:
  bool Goes() const { return finite_ && within_limits_; }

  Phrases Open(bool exact = false) {
    exact_ = exact_ && exact;
    finite_ = outline_;
    return outline_ ? Only(ItemKind::kGap) : Phrases();
  }

  Phrases Sequence(const PatternSequence& sequence) {
    Phrases phrases = {{}};
    for (const PatternAtom& atom : sequence.atoms) {
      std::span<const PatternRepeat> repeats = atom.repeats;
      Phrases one = Atom(atom, repeats);
      AddRepeats(one, repeats);
      if (!Goes()) break;
      phrases = Product(std::move(phrases), one);
    }
    return phrases;
  }

  // Takes the first of `repeats` off where it is a part of the atom.
  Phrases Atom(const PatternAtom& atom, std::span<const PatternRepeat>& repeats) {
    switch (atom.kind) {
      case AtomKind::kByte:
        return Only(ItemKind::kByte, static_cast<std::uint8_t>(atom.byte));
      case AtomKind::kBoundary:
        return Only(ItemKind::kBoundary);
      case AtomKind::kStart:
        return Only(ItemKind::kStart);
      case AtomKind::kEnd:
        return Only(ItemKind::kEnd);
      case AtomKind::kGroup:
        return Choice(atom.branches);
      case AtomKind::kClass:
        return Class(tree_.TextOf(atom));
      case AtomKind::kAny:
        return Any(repeats);
      case AtomKind::kEscape:
        if (outline_) within_limits_ = false;
        return Open();
      default:
        return Open();
    }
  }

  // `.*` is a gap and no less than it; of `.{20}` an outline keeps the number.
  Phrases Any(std::span<const PatternRepeat>& repeats) {
    if (!outline_ || repeats.empty()) return Open();
    const PatternRepeat repeat = repeats.front();
    const bool margin =
        repeat.sign == '{' && repeat.sound && repeat.least > 0 && repeat.least <= kWidestMargin;
    if (repeat.sign != '*' && !margin) return Open();
    repeats = repeats.subspan(1);
    if (!margin) return Open(true);
    return Only(ItemKind::kMargin, static_cast<std::uint8_t>(repeat.least));
  }

  Phrases Class(std::string_view text) {
    const std::string_view members = text.substr(1, text.size() - 2);
    const bool listed = !members.starts_with('^') && !members.starts_with(']') &&
                        members.find_first_of("-\\") == std::string_view::npos;
    if (!listed || members.size() > kMostClassMembers) return Open();
    Phrases phrases;
    for (const char c : members) {
      phrases.push_back({{ItemKind::kByte, static_cast<std::uint8_t>(c)}});
    }
    return phrases;
  }

  void AddRepeats(Phrases& one, std::span<const PatternRepeat> repeats) {
    if (!repeats.empty() && repeats.front().sign == '?') {
      one.emplace_back();
      repeats = repeats.subspan(1);
    }
    if (!repeats.empty()) one = Open();
  }

  Phrases Product(Phrases left, const Phrases& right) {
    if (right.size() == 1) {  // as nearly always: a byte
      for (Phrase& begin : left) begin.insert(begin.end(), right[0].begin(), right[0].end());
      return left;
    }
    Phrases both;
    if (left.size() * right.size() > kMostExpressions) {
      // What is too much to write out is a gap to an outline: it tells where to look, not what is.
      if (outline_ && IsRarer(right, left)) return Product(Open(), right);
      if (outline_ && left.size() <= kMostExpressions) return Product(std::move(left), Open());
      within_limits_ = false;
      return both;
    }
    both.reserve(left.size() * right.size());
    for (const Phrase& begin : left) {
      for (const Phrase& end : right) {
        both.push_back(begin);
        both.back().insert(both.back().end(), end.begin(), end.end());
      }
    }
    return both;
  }

  bool IsRarer(const Phrases& these, const Phrases& those) const {
    return these.size() <= kMostExpressions && OddsOf(these) < OddsOf(those);
  }
  // How often typical texts hold one of `phrases`, by the rarest piece of each.
  std::uint64_t OddsOf(const Phrases& phrases) const {
    std::uint64_t odds = 0;
    for (const Phrase& phrase : phrases) odds += OddsOf(phrase);
    return odds;
  }
  std::uint32_t OddsOf(const Phrase& phrase) const {
    std::uint32_t odds = typical_.OfRarest({});
    std::string piece;
    for (const PhraseItem item : phrase) {
      if (item.kind == ItemKind::kByte) piece += ToLower(static_cast<char>(item.value));
      if (item.kind == ItemKind::kGap || item.kind == ItemKind::kMargin) {
        odds = std::min(odds, typical_.OfRarest(std::exchange(piece, {})));
      }
    }
    return std::min(odds, typical_.OfRarest(piece));
  }

  void Append(Phrases&& more, Phrases& phrases) {
    if (phrases.size() + more.size() > kMostExpressions) within_limits_ = false;
    std::move(more.begin(), more.end(), std::back_inserter(phrases));
  }

  const PatternTree& tree_;
  bool outline_;
  const WindowCounts& typical_;
  bool exact_ = true;
  bool finite_ = true;
  bool within_limits_ = true;
};

// A margin counts at the ends of a phrase; elsewhere it is a gap, and not exact.
bool DropInnerMargins(Phrase& phrase) {
  bool dropped = false;
  for (std::size_t at = 1; at + 1 < phrase.size(); ++at) {
    if (phrase[at].kind != ItemKind::kMargin) continue;
    phrase[at] = {ItemKind::kGap, 0};
    dropped = true;
  }
  return dropped;
}

std::string TextOf(const Phrase& phrase) {
  std::string text;
  for (const PhraseItem item : phrase) {
    const char byte = static_cast<char>(item.value);
    switch (item.kind) {
      case ItemKind::kBoundary:
        text += "\\b";
        break;
      case ItemKind::kStart:
        text += '^';
        break;
      case ItemKind::kEnd:
        text += '$';
        break;
      default:
        if (std::string_view("\\^$.|?*+()[]{}").find(byte) != std::string_view::npos) text += '\\';
        text += byte;
    }
  }
  return text;
}

PatternOutline OutlineOf(const PatternTree& tree, Branches branches, const WindowCounts& typical) {
  PatternOutline outline;
  if (!tree.sound || !tree.plain) return outline;
  Expander expander(tree, true, typical);
  for (Phrase& phrase : expander.Choice(branches)) {
    const auto& all = outline.phrases;
    if (std::find(all.begin(), all.end(), phrase) == all.end()) {
      outline.phrases.push_back(std::move(phrase));
    }
  }
  outline.exact = expander.exact();
  for (Phrase& phrase : outline.phrases) outline.exact = !DropInnerMargins(phrase) && outline.exact;
  if (!expander.within_limits()) outline.phrases.clear();
  return outline;
}

Expression InOnePiece(const PatternTree& tree, Branches branches, std::string_view text,
                      const WindowCounts& typical) {
  return {std::string(text), PatternWidth(tree, branches), OutlineOf(tree, branches, typical),
          StepsOf(tree, branches)};
}

// Edges have no width at the ends of a phrase; elsewhere Hyperscan is asked.
std::optional<unsigned> WidthOf(const Phrase& phrase) {
  unsigned width = 0;
  for (std::size_t at = 0; at < phrase.size(); ++at) {
    const ItemKind kind = phrase[at].kind;
    if (kind == ItemKind::kByte) {
      ++width;
      continue;
    }
    const bool at_start = at == 0 && kind != ItemKind::kEnd;
    const bool at_end = at + 1 == phrase.size() && kind != ItemKind::kStart;
    if (!at_start && !at_end) return std::nullopt;
  }
  return width;
}

}  // namespace

std::vector<Expression> ExpandPattern(const PatternTree& tree, const WindowCounts& typical) {
  std::vector<Expression> all;
  std::unordered_set<std::string> seen;
  const auto add = [&](Expression expression) {
    if (seen.insert(expression.text).second) all.push_back(std::move(expression));
  };
  bool whole = !tree.sound || !tree.plain;
  std::size_t count = 0;
  for (std::size_t i = 0; !whole && i < tree.branches.size(); ++i) {
    const Branches branch = Branches(tree.branches).subspan(i, 1);
    Expander expander(tree, false, typical);
    Phrases phrases = expander.Choice(branch);
    count += expander.finite() ? phrases.size() : 1;
    whole = !expander.within_limits() || count > kMostExpressions;
    if (whole) break;
    if (!expander.finite()) {
      add(InOnePiece(tree, branch, tree.TextOf(branch.front()), typical));
      continue;
    }
    for (Phrase& phrase : phrases) {
      add({TextOf(phrase), WidthOf(phrase), {{phrase}, true}, std::nullopt});
    }
  }
  if (whole) return {InOnePiece(tree, tree.branches, tree.text, typical)};
  return all;
}

}  // namespace bouncesight
