// What to tell of a text that is not a bounce: that nothing failed, or not yet, and what to do.
#pragma once

#include <string>
#include <string_view>

#include "parsers/reason/notice_kind.h"
#include "rules/advice.h"

namespace bouncesight {

// "automatic reply", "自动回复"; empty for kNone. Constant data.
std::string_view NoticeTitle(NoticeKind kind, Language language);

// `tried_again`: how long mail that waits is tried again ("until …"); may be empty.
Advice NoticeAdvice(NoticeKind kind, const std::string& tried_again);

// "It waits, and is tried again until …", beside the cause of a delay.
std::string WaitsWords(const std::string& tried_again, Language language);

}  // namespace bouncesight
