#include "rules/rule_lint.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "rules/letter_fold.h"
#include "rules/near_name.h"
#include "rules/pattern_db.h"
#include "rules/pattern_width.h"
#include "rules/reply_text.h"

namespace bouncesight {
namespace {

// The largest number in braces.
std::uint32_t LargestRepeat(std::span<const PatternSequence> branches) {
  std::uint32_t largest = 0;
  for (const PatternSequence& branch : branches) {
    for (const PatternAtom& atom : branch.atoms) {
      largest = std::max(largest, LargestRepeat(atom.branches));
      for (const PatternRepeat& repeat : atom.repeats) {
        largest = std::max({largest, repeat.least, repeat.most});
      }
    }
  }
  return largest;
}

// "的?": patterns are read byte by byte, so that only the sign's last byte would be repeated.
bool RepeatsPartOfSign(std::span<const PatternSequence> branches) {
  for (const PatternSequence& branch : branches) {
    for (const PatternAtom& atom : branch.atoms) {
      const bool part = atom.kind == PatternAtom::Kind::kByte && (atom.byte & 0x80) != 0;
      if ((part && !atom.repeats.empty()) || RepeatsPartOfSign(atom.branches)) return true;
    }
  }
  return false;
}

// Signs that the normaliser turns into ASCII, so that a pattern with them never matches.
bool HoldsMappedSign(std::string_view pattern) {
  static thread_local ReplyText text;
  for (std::size_t at = 0; at + 2 < pattern.size(); ++at) {
    if ((pattern[at] & 0x80) == 0) continue;
    const std::string_view sign = pattern.substr(at, 3);
    if (!sign.starts_with("\xe2\x80") && !sign.starts_with("\xef\xbc") &&
        !sign.starts_with("\xef\xbd") && !sign.starts_with("\xe3\x80\x80")) {
      continue;
    }
    text.Read(sign);
    if (text.words() != sign) return true;
  }
  return false;
}

// A byte that \b takes for no part of a word, though readers would: a mask, a letter beyond ASCII.
bool IsForeign(char byte) {
  return (byte & 0x80) != 0 ||
         (byte >= static_cast<char>(Mask::kAddr) && byte <= static_cast<char>(Mask::kName));
}

// That there may be nothing of. Not of ".*", which gives \b a blank to stand at.
bool IsOptional(const PatternAtom& atom) {
  if (atom.kind == PatternAtom::Kind::kAny || atom.kind == PatternAtom::Kind::kKind) return false;
  return std::any_of(atom.repeats.begin(), atom.repeats.end(), [](const PatternRepeat& repeat) {
    return repeat.sign == '?' || repeat.sign == '*' || (repeat.sign == '{' && repeat.least == 0);
  });
}

// Which end of a text that atoms match: its first byte or its last.
enum class End : std::uint8_t { kFirst, kLast };

bool MeetsForeign(const PatternTree& tree, std::span<const PatternAtom> atoms, End end,
                  bool beyond);

bool IsForeignAt(const PatternTree& tree, const PatternAtom& atom, End end) {
  if (atom.kind == PatternAtom::Kind::kByte) return IsForeign(atom.byte);
  if (atom.kind == PatternAtom::Kind::kClass) {
    const std::string_view text = tree.TextOf(atom);
    return std::any_of(text.begin(), text.end(), IsForeign);
  }
  return std::any_of(atom.branches.begin(), atom.branches.end(), [&](const PatternSequence& one) {
    return MeetsForeign(tree, one.atoms, end, false);
  });
}

// Whether the byte at that end may be foreign. `beyond`: what lies past all the atoms is.
bool MeetsForeign(const PatternTree& tree, std::span<const PatternAtom> atoms, End end,
                  bool beyond) {
  while (!atoms.empty()) {
    const PatternAtom& atom = end == End::kFirst ? atoms.front() : atoms.back();
    if (IsForeignAt(tree, atom, end)) return true;
    if (!IsOptional(atom)) return false;
    atoms = end == End::kFirst ? atoms.subspan(1) : atoms.first(atoms.size() - 1);
  }
  return beyond;
}

// `before`, `after`: something foreign may stand right around the branches.
bool HasDeadEdge(const PatternTree& tree, std::span<const PatternSequence> branches, bool before,
                 bool after) {
  for (const PatternSequence& branch : branches) {
    const std::span<const PatternAtom> atoms = branch.atoms;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      const bool edge = atoms[i].kind == PatternAtom::Kind::kBoundary;
      if (!edge && atoms[i].branches.empty()) continue;
      const bool left = MeetsForeign(tree, atoms.first(i), End::kLast, before);
      const bool right = MeetsForeign(tree, atoms.subspan(i + 1), End::kFirst, after);
      if (edge ? left || right : HasDeadEdge(tree, atoms[i].branches, left, right)) return true;
    }
  }
  return false;
}

}  // namespace

namespace {

// Of its text, before it is read.
std::string TextFault(std::string_view pattern) {
  if (pattern.empty()) return "is empty; write what the reply says";
  if (pattern.size() > kLongestPattern) return "is longer than 1000 bytes; split it into a list";
  const bool newline = std::any_of(pattern.begin(), pattern.end(),
                                   [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
  return newline ? "holds an end of line; the words of a reply are one line" : "";
}

std::string TreeFault(const PatternTree& tree) {
  const std::optional<unsigned> width = PatternWidth(tree);
  if (width) return *width > 0 ? "" : "matches even nothing; ask for at least one word";
  const Result<PatternFacts> facts = InspectPattern(tree.text);
  if (!facts) return "is not understood: " + facts.error().message + "; see rules/RULES.md";
  return facts->min_width > 0 ? "" : "matches even nothing; ask for at least one word";
}

std::vector<PatternTree> LintPatterns(const std::vector<std::string>& patterns,
                                      const std::string& place,
                                      std::vector<std::string>& findings) {
  std::vector<PatternTree> trees;
  for (const std::string& pattern : patterns) {
    LintedPattern linted = LintPattern(pattern);
    if (!linted.fault.empty()) findings.push_back(place + InQuotes(pattern) + " " + linted.fault);
    trees.push_back(std::move(linted.tree));
  }
  return trees;
}

}  // namespace

LintedPattern LintPattern(std::string_view pattern) {
  LintedPattern linted;
  linted.fault = TextFault(pattern);
  if (!linted.fault.empty()) return linted;
  std::string unknown;
  linted.tree = ParsePattern(PlaceMasks(pattern, unknown));
  if (!unknown.empty()) {
    linted.fault = "'" + unknown +
                   "' is not a mask; known are {addr}, {url}, {ip}, {host}, {id}, {name}, and \\{ "
                   "is a brace";
  } else if (LargestRepeat(linted.tree.branches) > kMostRepeats) {
    linted.fault = "repeats more than 50 times, which is slow; write .* or a smaller number";
  } else if (RepeatsPartOfSign(linted.tree.branches)) {
    linted.fault =
        "repeats a sign beyond ASCII, of which that takes the last byte alone; put it in brackets";
  } else if (HoldsMappedSign(pattern)) {
    linted.fault =
        "holds a typographic or full-width sign, which replies never have after they are "
        "normalised; write the ASCII sign";
  } else {
    linted.fault = TreeFault(linted.tree);
  }
  return linted;
}

std::string EdgeFault(std::string_view pattern) {
  if (pattern.find("\\b") == pattern.npos) return {};
  std::string unknown;
  const PatternTree tree = ParsePattern(FoldLetters(PlaceMasks(pattern, unknown)));
  if (!tree.sound || !HasDeadEdge(tree, tree.branches, false, false)) return {};
  return "has \\b beside a mask or a letter beyond ASCII, where it never holds; leave \\b out "
         "there, "
         "or write a blank, ^ or $";
}

LintedRule LintRule(const Rule& rule) {
  const std::string place = rule.file + ":" + std::to_string(rule.line) + ": " + rule.id + ": ";
  LintedRule linted;
  linted.match = LintPatterns(rule.match, place + "match: ", linted.findings);
  linted.link = LintPatterns(rule.link, place + "link: ", linted.findings);
  if (rule.examples.empty()) {
    linted.findings.push_back(place +
                              "examples: is missing; give one reply that this rule must win");
  }
  return linted;
}

}  // namespace bouncesight
