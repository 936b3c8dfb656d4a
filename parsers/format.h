// The only list of log formats, and the reader that finds out which one a line has.
//
// Adding a format is one file pair, one row in format.cc and one test folder: CONTRIBUTING.md has
// the recipe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "parsers/delivery_event.h"
#include "parsers/record.h"
#include "parsers/scratch.h"

namespace bouncesight {

enum class Format : std::uint8_t {
  kAuto,
  kPostfix,
  kExim,
  kCoremail,
  kSendmail,
  kOpensmtpd,
  kQmail,
  kKumomta,
  kZonemta,
  kHaraka
};

// What each format gives: a function that reads a record without its wrapping. Skip{kForeign} says
// that the line is another program's, and only that lets the next format have a look. Linear in the
// record; no allocation; text that must be rewritten goes to the Scratch.
//
// A line without a known header comes as a record whose message is the whole line: formats with a
// head of their own (Exim's main log, Coremail) read it there, and the same text behind a syslog
// header arrives with the header taken off.
using ParseFunction = Parsed (*)(const Record& record, Scratch& scratch);

std::string_view FormatName(Format format);  // "auto", "postfix", …
std::optional<Format> FormatFromName(std::string_view name);
std::vector<std::string_view> FormatNames();  // those that this build can read, "auto" first

// Reads the lines of one source. Not thread-safe: one reader per source. Does not allocate per
// line.
class FormatReader {
 public:
  explicit FormatReader(Format format = Format::kAuto);

  // Unwraps `line` and parses it. With kAuto the format that fitted last is tried first, then the
  // others: one stream may carry several MTAs. The views in the result live until the next call.
  Parsed Parse(std::string_view line);

  // The format of the last line that fitted one; kAuto before the first.
  Format last_fit() const { return last_fit_; }

 private:
  Parsed ParseRecord(const Record& record);

  Format format_;
  Format last_fit_ = Format::kAuto;
  Scratch scratch_;
};

}  // namespace bouncesight
