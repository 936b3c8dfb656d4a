// Small steps over bounce texts, which people write and paste: blanks come and go, and punctuation
// may be full width.
#pragma once

#include <cstddef>
#include <string_view>

#include "parsers/text/scan.h"

namespace bouncesight {

// Takes one mark of `marks` (ASCII) or its full-width form, with the blanks around it, off the
// start of `text`.
bool ConsumeMark(std::string_view& text, std::string_view marks);

// Takes an address off the start of `text`: "<…>", or a bare "local@domain". False, and nothing
// taken: there is none. The address comes without its brackets.
bool TakeAddress(std::string_view& text, std::string_view& address);

// The first bare address in `text`, "mailto:" left out; empty if there is none.
std::string_view FindAddress(std::string_view text);

// "250 …", "550-…": a reply code from 200 to 599, with something behind it that is not a letter and
// no digit. A refusal's is from 400 on.
bool IsReply(std::string_view text);
bool IsRefusal(std::string_view text);

// Whether the number at `at` is a port: "192.0.2.1:587 ", "[::1]:465 ", "mx1.example.com:587 ".
bool IsPort(std::string_view text, std::size_t at);

inline bool IsQuote(char c) { return c == '"' || c == '\''; }

// Where the quotation of a reply ends that `quote` began: at a quote with a mark, a bracket or
// nothing behind it. A list of the reply's lines ("550-…", "550 …") is one quotation. Its size:
// nowhere.
std::size_t QuotationEnd(std::string_view text, char quote);

}  // namespace bouncesight
