// Bounces in HTML, and texts copied out of such.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// True if `text` holds tags that belong to HTML alone. "<ann@example.com>" is not such a tag.
bool LooksLikeHtml(std::string_view text);

// What a reader sees of `html`, one line per block (paragraph, row, list item). Character
// references are resolved. Linear.
std::string HtmlToText(std::string_view html);

// `text` with "&lt;", "&#60;", "&nbsp;" and their kin resolved. Others stay as they are.
std::string ResolveReferences(std::string_view text);

}  // namespace bouncesight
