// What the parser of an MTA needs beside the line: room for rewritten text, and what it must
// remember from line to line. One per reader; not thread-safe.
#pragma once

#include <memory>

#include "parsers/mta/delivery_table.h"
#include "parsers/text/text_room.h"
#include "parsers/wrap/json_reader.h"

namespace bouncesight {

struct CoremailWords;

// As a TextRoom it can be handed to whatever rewrites text. Reset forgets the text and nothing
// else.
class ParseContext : public TextRoom {
 public:
  // What qmail.h must remember from line to line: Reset does not touch it. Made at first use, since
  // few readers need it.
  DeliveryTable& deliveries() {
    if (!deliveries_) deliveries_ = std::make_unique<DeliveryTable>();
    return *deliveries_;
  }

  // For MTAs that log JSON of their own. Made at first use, as above.
  JsonReader& json() {
    if (!json_) json_ = std::make_unique<JsonReader>();
    return *json_;
  }

  // The words of coremail.h that the operator gave, or nullptr for the usual ones; not owned.
  const CoremailWords* coremail_words() const { return coremail_words_; }
  void set_coremail_words(const CoremailWords* words) { coremail_words_ = words; }

 private:
  const CoremailWords* coremail_words_ = nullptr;
  std::unique_ptr<DeliveryTable> deliveries_;
  std::unique_ptr<JsonReader> json_;
};

}  // namespace bouncesight
