// A list of replies, one per line, against one text of several lines.
#pragma once

#include <string_view>

namespace bouncesight {

// True if `text` (plain, LF) is plainly a list: two lines or more, none of them blank, indented, a
// header, or part of a dialogue, and
//   below eight lines:  each begins as a reply or its frame does, and none goes on in the next;
//   from eight lines:   a third of them begin so, and lines that continue a reply ("550-") are few.
// Linear.
bool IsReplyList(std::string_view text);

}  // namespace bouncesight
