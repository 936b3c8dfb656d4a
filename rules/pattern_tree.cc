#include "rules/pattern_tree.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

using Kind = PatternAtom::Kind;

constexpr int kDeepestGroup = 20;
constexpr std::uint32_t kMostCounted = 100000;

class Parser {
 public:
  explicit Parser(std::string text) {
    tree_.text = std::move(text);
    pattern_ = tree_.text;
  }

  PatternTree Run() {
    tree_.sound = pattern_.size() <= std::numeric_limits<std::uint16_t>::max();
    if (tree_.sound) tree_.branches = Choice();
    if (at_ < pattern_.size()) Fail();  // a bracket too many
    PatternTree tree = std::move(tree_);
    if (!tree.sound) tree.branches.clear();
    return tree;
  }

 private:
  bool AtEnd() const { return !tree_.sound || at_ >= pattern_.size(); }
  char Peek() const { return pattern_[at_]; }
  bool Take(char c) {
    if (AtEnd() || Peek() != c) return false;
    ++at_;
    return true;
  }
  void Fail() { tree_.sound = false; }
  std::uint16_t Here() const { return static_cast<std::uint16_t>(at_); }

  std::vector<PatternSequence> Choice() {
    std::vector<PatternSequence> branches;
    do {
      branches.push_back(Sequence());
    } while (Take('|'));
    return branches;
  }

  PatternSequence Sequence() {
    PatternSequence sequence;
    sequence.at = Here();
    while (!AtEnd() && Peek() != '|' && Peek() != ')') {
      PatternAtom atom;
      atom.at = Here();
      ReadAtom(atom);
      atom.size = static_cast<std::uint16_t>(at_ - atom.at);
      ReadRepeats(atom);
      if (atom.kind == Kind::kOther) tree_.plain = false;
      sequence.atoms.push_back(std::move(atom));
    }
    sequence.end = Here();
    return sequence;
  }

  void ReadAtom(PatternAtom& atom) {
    const char c = pattern_[at_++];
    switch (c) {
      case '(':
        return ReadGroup(atom);
      case '[':
        return ReadClass(atom);
      case '\\':
        return ReadEscape(atom);
      case '.':
        atom.kind = Kind::kAny;
        return;
      case '^':
        atom.kind = Kind::kStart;
        return;
      case '$':
        atom.kind = Kind::kEnd;
        return;
      case '*':
      case '+':
      case '?':
      case '{':  // a repeat of nothing: a mistake, or a brace that ought to be escaped
        return Fail();
      default:
        atom.byte = c;
    }
  }

  void ReadGroup(PatternAtom& atom) {
    atom.kind = Take('?') && !Take(':') ? Kind::kOther : Kind::kGroup;  // flags and the like
    if (++depth_ > kDeepestGroup) return Fail();
    atom.branches = Choice();
    --depth_;
    if (!Take(')')) Fail();
  }

  void ReadEscape(PatternAtom& atom) {
    if (AtEnd()) return Fail();
    const char c = pattern_[at_++];
    if (c == 'b') {
      atom.kind = Kind::kBoundary;
    } else if (std::string_view("dDsSwW").find(c) != std::string_view::npos) {
      atom.kind = Kind::kKind;
    } else if (IsAlnum(c)) {
      atom.kind = Kind::kEscape;
      if (c == 'Q' || c == 'c') Fail();  // what follows reads otherwise
    } else {
      atom.byte = c;
    }
  }

  void ReadClass(PatternAtom& atom) {
    atom.kind = Kind::kClass;
    Take('^');
    Take(']');
    for (; !AtEnd() && Peek() != ']'; ++at_) {
      if (Peek() == '\\') ++at_;
      if (!AtEnd() && Peek() == '[') atom.kind = Kind::kOther;  // [[:alpha:]]
    }
    if (!Take(']')) Fail();
  }

  void ReadRepeats(PatternAtom& atom) {
    while (!AtEnd() && std::string_view("?*+{").find(Peek()) != std::string_view::npos) {
      PatternRepeat& repeat = atom.repeats.emplace_back();
      repeat.sign = pattern_[at_++];
      if (repeat.sign == '{') ReadBraces(repeat);
    }
  }

  // After the brace. What is not a number is taken up to the end of the braces.
  void ReadBraces(PatternRepeat& repeat) {
    repeat.sound = ReadNumber(repeat.least);
    repeat.most = repeat.least;
    if (repeat.sound && Take(',')) {
      repeat.open = !AtEnd() && Peek() == '}';
      repeat.sound = repeat.open || ReadNumber(repeat.most);
    }
    while (!AtEnd() && Peek() != '}') {
      repeat.sound = false;
      ++at_;
    }
    if (!Take('}')) Fail();
  }

  bool ReadNumber(std::uint32_t& number) {
    const std::size_t start = at_;
    number = 0;
    for (; !AtEnd() && IsDigit(Peek()); ++at_) {
      number = std::min(number * 10 + static_cast<std::uint32_t>(Peek() - '0'), kMostCounted);
    }
    return at_ > start;
  }

  PatternTree tree_;
  std::string_view pattern_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

PatternTree ParsePattern(std::string expression) { return Parser(std::move(expression)).Run(); }

}  // namespace bouncesight
