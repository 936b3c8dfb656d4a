// parsers/mta: what a line of each MTA says. It looks into all other rooms of parsers.
//
//   format_reader.h   from a line of any source to an event or a skip: where to start reading
//   format.h          the list of formats
//   reader_options.h  what an operator may say of a source's lines
//   parse_context.h   what a parser needs beside the line; delivery_table.h qmail's memory
//   postfix.h         with postfix_delivery.h, postfix_reject.h and postfix_note.h
//   exim.h            with exim_head.h, exim_fields.h, exim_reject.h and exim_note.h
//   coremail.h, sendmail.h, opensmtpd.h, qmail.h, kumomta.h, zonemta.h, haraka.h
//
// A parser is one function of a record. It says kForeign of another program's line; kMalformed of
// a line that speaks of a result and cannot be read to its end, so that a failure is never taken
// for noise; kNotDelivery of all that reports none. The reason of a failure goes to parsers/reason.
//
// This file: the only list of log formats. Adding one is one file pair, one row in format.cc and
// one test file: CONTRIBUTING.md has the recipe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// One for each Mta, and kAuto: found out line by line.
enum class Format : std::uint8_t { kAuto };
constexpr Format FormatOf(Mta mta) { return static_cast<Format>(static_cast<int>(mta) + 1); }

// What each format gives: a function that reads a record without its wrapping. Skip{kForeign} says
// that the line is another program's, and only that lets the next format have a look. Linear in the
// record; no allocation; text that must be rewritten goes to the ParseContext.
//
// A line without a known header comes as a record whose message is the whole line: formats with a
// head of their own (Exim's main log, Coremail) read it there, and the same text behind a syslog
// header arrives with the header taken off. A line that is a JSON object is in record.json, with
// the message out of it where there is one.
using ParseFunction = Parsed (*)(const Record& record, ParseContext& context);

struct FormatRow {
  constexpr FormatRow(Mta mta, ParseFunction function)
      : format(FormatOf(mta)), name(MtaName(mta)), parse(function) {}

  Format format;
  std::string_view name;
  ParseFunction parse;
};

// In the order in which kAuto tries them; never empty.
std::span<const FormatRow> AllFormats();

std::string_view FormatName(Format format);  // "auto", "postfix", …
// Whose lines a format is; none for kAuto.
std::optional<Mta> MtaOf(Format format);
std::optional<Format> FormatFromName(std::string_view name);
std::vector<std::string_view> FormatNames();  // those that this build can read, "auto" first

}  // namespace bouncesight
