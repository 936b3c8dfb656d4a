// A pattern's finite choices written out: 'no (such )?user|mail(box)?' becomes 'no such user',
// 'no user', 'mailbox' and 'mail'. Plain phrases cost next to nothing, by the thousand
// (phrase_table.h), alternations do; and each phrase counts in ties by its own length. So rule
// files stay short.
//
// Written out are groups, `|`, `?` and small classes such as [sz]. `^`, `$`, `\b` and masks stay as
// they are. An alternative of the whole pattern with anything else in it ('user .*unknown') is kept
// in one piece. The expressions together match what the pattern matches.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/pattern_tree.h"
#include "rules/phrase.h"
#include "rules/step_program.h"
#include "rules/window_counts.h"

namespace bouncesight {

// A pattern of more expressions than this is left alone.
inline constexpr std::size_t kMostExpressions = 512;

// The phrases of which a text must hold one for the pattern to match: 'over \d+ (MB|GB)' has
// 'over ', a gap and ' MB' or ' GB'. Of choices whose product is too much to write out, those are
// kept whose words are the rarest in typical replies.
struct PatternOutline {
  std::vector<Phrase> phrases;  // empty: the pattern cannot be told by phrases
  bool exact = true;            // a text with one of the phrases does match
};

struct Expression {
  std::string text;               // as Hyperscan takes it
  std::optional<unsigned> width;  // the fewest bytes of a match; std::nullopt: ask Hyperscan
  PatternOutline outline;
  std::optional<StepProgram> steps;  // of one that is left in one piece, if steps can tell it
};

// Without duplicates, in the order of the pattern. A tree that is not sound comes back in one
// piece, for Hyperscan to complain of.
std::vector<Expression> ExpandPattern(const PatternTree& tree, const WindowCounts& typical = {});

}  // namespace bouncesight
