// A pattern read once, to a tree that is walked for its width (pattern_width.h), its choices and
// its phrases (pattern_expand.h) and by the lint (rule_lint.h). The language is Hyperscan's subset
// of PCRE, byte by byte, as Hyperscan reads it without its UTF8 flag.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// No repeat above this: {1,50} is well, {1,200} compiles slowly and runs slowly.
inline constexpr std::uint32_t kMostRepeats = 50;

// "?", "*", "+" or braces behind an atom.
struct PatternRepeat {
  char sign = '?';          // '{' for braces
  bool sound = true;        // braces: "{3}", "{3,}" or "{3,5}"
  bool open = false;        // braces: "{3,}"
  std::uint32_t least = 0;  // braces; 100,000 at most
  std::uint32_t most = 0;   // braces with an end
};

struct PatternSequence;

// Places are in the pattern's text.
struct PatternAtom {
  enum class Kind : std::uint8_t {
    kByte,      // a sign as it stands, or escaped
    kAny,       // .
    kClass,     // [a-z]; its text has the brackets
    kKind,      // \d, \D, \s, \S, \w, \W
    kBoundary,  // \b
    kStart,     // ^
    kEnd,       // $
    kGroup,     // (…), (?:…)
    kEscape,    // \x41, \n and the like: for Hyperscan alone
    kOther,     // (?i), [[:alpha:]]: the same, and what is around them may read otherwise
  };
  Kind kind = Kind::kByte;
  char byte = 0;  // kByte
  std::uint16_t at = 0;
  std::uint16_t size = 0;                 // without repeats
  std::vector<PatternRepeat> repeats;     // more than one: "a+?", or a mistake
  std::vector<PatternSequence> branches;  // kGroup, and kOther that has brackets
};

struct PatternSequence {
  std::uint16_t at = 0;
  std::uint16_t end = 0;
  std::vector<PatternAtom> atoms;
};

// Owns its text. Good for any thread once read.
struct PatternTree {
  std::string text;
  std::vector<PatternSequence> branches;  // at least one, if sound
  bool sound = false;                     // well-formed, as far as this reader knows
  bool plain = true;                      // without kOther

  std::string_view TextOf(const PatternAtom& atom) const {
    return std::string_view(text).substr(atom.at, atom.size);
  }
  std::string_view TextOf(const PatternSequence& branch) const {
    return std::string_view(text).substr(branch.at, branch.end - branch.at);
  }
};

// `expression`: with masks placed (reply_text.h). One of more than 64 KiB is not sound.
PatternTree ParsePattern(std::string expression);

}  // namespace bouncesight
