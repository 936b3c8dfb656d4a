// The tag of a syslog line, which names the program that wrote it, and what some daemons put around
// it.
#pragma once

#include <string_view>

namespace bouncesight {

// The first word of `text`, up to a blank or a tab; at most 128 bytes of it.
std::string_view FirstWord(std::string_view text);

// Behind `word`, with which `text` begins, and the blanks after it.
std::string_view AfterWord(std::string_view text, std::string_view word);

// Splits "program[pid]:", "program:" or, as rsyslog writes it from an RFC 5424 message,
// "program[pid]". False: the word is not a tag.
bool ReadTag(std::string_view word, std::string_view& program);

// The first word, or of "postfix/smtp[9]:4F1A2B3C4D:" the tag: some relays leave the blank away.
std::string_view TagWord(std::string_view text);

// Takes the tag off `text`, and the blanks behind it. Also "program[9] : " and, as macOS does it,
// "program[9] <Info>: ". False, and nothing taken: there is none.
bool TakeTag(std::string_view& text, std::string_view& program);

// The same for "program : " and "program [9]: ", which might as well begin a sentence: for a text
// behind a stamp and a host.
bool TakeLooseTag(std::string_view& text, std::string_view& program);

// RFC 5424's "program 9 MSGID - " without the head that belongs before it: for a text behind a
// stamp and a host.
bool TakeNewTag(std::string_view& text, std::string_view& program);

// Past RFC 5424's "[id name="value" …][…]" or "-". False: the structured data never ends.
bool SkipStructuredData(std::string_view& text);

// "mail.info", as BusyBox writes it before the tag; "mail:info", as AIX does.
bool IsPriorityName(std::string_view word);

}  // namespace bouncesight
