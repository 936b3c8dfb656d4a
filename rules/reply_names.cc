// Names that are no evidence, masked in the words of a reply.
#include <algorithm>
#include <cstring>

#include "parsers/text/ascii.h"
#include "rules/reply_text.h"
#include "rules/text_tokens.h"

namespace bouncesight {
void ReplyText::MaskNames(std::span<const std::string> names) {
  const auto same = [](char c, char lower) { return ToLower(c) == lower; };
  for (const std::string& name : names) {
    char* const end = words_.data() + words_size_;
    char* const at = std::search(words_.data(), end, name.begin(), name.end(), same);
    if (at == end) continue;
    char* const after = at + name.size();
    const bool inside = (at != words_.data() && IsAlnum(at[-1]) && IsAlnum(*at)) ||
                        (after != end && IsAlnum(*after) && IsAlnum(after[-1]));
    if (inside) continue;
    *at = static_cast<char>(Mask::kName);
    std::memmove(at + 1, after, static_cast<std::size_t>(end - after));
    words_size_ -= name.size() - 1;
  }
}

}  // namespace bouncesight
