// A pattern's finite choices written out: 'no (such )?user|mail(box)?' becomes 'no such user',
// 'no user', 'mailbox' and 'mail'. Plain phrases cost next to nothing, by the thousand
// (phrase_table.h), alternations do; and each phrase counts in ties by its own length. So rule
// files stay short.
//
// Written out are groups, `|`, `?` and small classes such as [sz]. `^`, `$`, `\b` and masks stay as
// they are. An alternative of the whole pattern with anything else in it ('user .*unknown') is kept
// in one piece. The phrases together match what the pattern matches.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// A pattern of more phrases than this is left alone.
inline constexpr std::size_t kMostPhrases = 512;

// `expression`: with masks placed. Without duplicates, in the order of the pattern. What is no
// well-formed pattern comes back as it is, for Hyperscan to complain of.
std::vector<std::string> ExpandPattern(std::string_view expression);

// The phrases of which a text must hold one for the pattern to match, pieces of text with `.*`
// between them: 'over \d+ (MB|GB)' has 'over .* MB' and 'over .* GB'. At
// either end `.{20}` may ask for so many bytes more.
struct PatternOutline {
  std::vector<std::string> phrases;  // empty: the pattern cannot be told by phrases
  bool exact = true;                 // a text with one of the phrases does match
};
PatternOutline OutlinePattern(std::string_view expression);

}  // namespace bouncesight
