// Whether a text that the rules find a cause in is about failed mail at all. Newsletters speak of
// block lists, phishing of full mailboxes, a shop of its delivery: a cause read out of these would
// send somebody off to mend what is whole.
//
// Both look at the words of the first 64 KiB of `text`, which is plain UTF-8, without regard to
// case. A reply code is not theirs to find: it outweighs both.
#pragma once

#include <string_view>

namespace bouncesight {

// Mail of the reader's failed, or a program of the mail's way speaks: "could not be delivered",
// "returned mail", "smtp", "退信".
bool SpeaksOfFailedMail(std::string_view text);

// The text wants its reader to do something in a browser, or hands out what it kept back: "click
// here", "unsubscribe", "spam quarantine". No bounce does.
bool SpeaksToAReader(std::string_view text);

}  // namespace bouncesight
