// Names that are no evidence: of lists, of products, of a dialogue's labels. "NiX Spam" is a list,
// not a word about the message; "SSL: No" a line of a mail program. Data: rules/names.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/result.h"

namespace bouncesight {

// Reads the text of names.yaml: `names: [words as replies spell them]`. They come back in lower
// case; case does not matter in replies.
Result<std::vector<std::string>> ParseNames(std::string_view file, std::string_view text);

// `words` as a pattern that matches them as they stand, at the ends of words.
std::string EscapePattern(std::string_view words);

}  // namespace bouncesight
