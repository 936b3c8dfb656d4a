// Text of unknown encoding to UTF-8 that is safe to show: no control characters, no bytes that are
// not UTF-8, no marks that turn the direction of writing.
//
// Remote hosts answer in GB18030, Big5 or Latin-1, MTAs damage what they do not understand, and
// syslog daemons write bytes as "#303" (rsyslog). Which encoding it was is a guess from the bytes;
// parsers/FORMATS.md says how it is made. Clean text comes back as it is, so cleaning twice is
// cleaning once.
#pragma once

#include <string_view>

#include "parsers/text/charset_guess.h"
#include "parsers/text/text_room.h"
#include "parsers/text/utf8.h"

namespace bouncesight {

// Printable ASCII without a '#', as nearly every text is: clean, and so is each part of it. False:
// IsCleanText has a closer look.
bool IsPlainText(std::string_view text);

// True if CleanText would change nothing.
bool IsCleanText(std::string_view text);

// Not thread-safe; opens the C library's converters when it first needs them.
class TextCleaner {
 public:
  TextCleaner() = default;
  ~TextCleaner();
  TextCleaner(const TextCleaner&) = delete;
  TextCleaner& operator=(const TextCleaner&) = delete;

  // `text` itself if it is clean, else a cleaned copy in `texts`. Linear. Without room left in
  // the texts, an empty view.
  std::string_view Clean(std::string_view text, TextRoom& texts);

 private:
  // Writes UTF-8 into the room of `texts` and returns it uncommitted; empty: cannot be converted.
  std::string_view Convert(std::string_view text, Encoding encoding, TextRoom& texts);

  void* gb18030_ = nullptr;  // iconv_t, null until opened
  void* big5_ = nullptr;
};

}  // namespace bouncesight
