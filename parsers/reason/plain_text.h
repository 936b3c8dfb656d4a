// Any text that somebody hands over, in the form that the rest of this room reads.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// Bytes that are not text in any encoding: an archive, a picture, an Outlook ".msg".
bool IsBinary(std::string_view bytes);

// `bytes` as UTF-8 with LF: out of UTF-16, ISO-2022-JP, GB18030, Big5 or Latin-1 (by a guess from
// the bytes, charset_guess.h), HTML as a reader sees it, character references resolved, the marks
// of a quotation taken off. Control characters become blanks. Linear.
std::string ToPlainText(std::string_view bytes);

// `bytes` without the sequences that colour a terminal ("ESC [ 31 m"): `journalctl | less -R`, grep
// and log viewers leave them in what is copied.
std::string WithoutColours(std::string_view bytes);

}  // namespace bouncesight
