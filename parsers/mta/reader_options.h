// What an operator may say of a source's lines; the defaults read what is known.
#pragma once

#include <memory>

#include "parsers/mta/coremail.h"
#include "parsers/mta/format.h"
#include "parsers/wrap/json_envelope.h"

namespace bouncesight {

struct ReaderOptions {
  // A format alone is the usual case. NOLINTNEXTLINE(google-explicit-constructor)
  ReaderOptions(Format only = Format::kAuto) : format(only) {}

  Format format;  // kAuto: found out line by line
  JsonKeys json;
  std::shared_ptr<const CoremailWords> coremail;  // null: the usual words, no date

  friend bool operator==(const ReaderOptions& a, const ReaderOptions& b) {
    const bool same_words =
        a.coremail && b.coremail ? *a.coremail == *b.coremail : a.coremail == b.coremail;
    return a.format == b.format && a.json == b.json && same_words;
  }
};

}  // namespace bouncesight
