// What an operator may say of a source's lines; the defaults read what is known.
#pragma once

#include <memory>
#include <vector>

#include "parsers/mta/coremail.h"
#include "parsers/mta/format.h"
#include "parsers/text/ip_network.h"
#include "parsers/wrap/json_envelope.h"

namespace bouncesight {

struct ReaderOptions {
  // A format alone is the usual case. NOLINTNEXTLINE(google-explicit-constructor)
  ReaderOptions(Format only = Format::kAuto) : format(only) {}

  Format format;  // kAuto: found out line by line
  JsonKeys json;
  std::shared_ptr<const CoremailWords> coremail;  // null: the usual words, no date
  // What was sent there by SMTP went to a content filter and comes back: Skip{kInternalHop}.
  std::vector<IpNetwork> internal_relays = LoopbackNetworks();

  friend bool operator==(const ReaderOptions& a, const ReaderOptions& b) {
    const bool same_words =
        a.coremail && b.coremail ? *a.coremail == *b.coremail : a.coremail == b.coremail;
    return a.format == b.format && a.json == b.json && same_words &&
           a.internal_relays == b.internal_relays;
  }
};

}  // namespace bouncesight
