// What the parser of an MTA needs beside the line: room for rewritten text, and what it must
// remember from line to line. One per reader; not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "parsers/event/record.h"
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

  // The process whose mark of a log line was read last (exim.cc), or that there is none. A number
  // of more digits than kMaxPid is not told from others.
  static constexpr std::size_t kMaxPid = 12;
  bool expects_verbose_text() const { return verbose_pid_size_.has_value(); }
  void forget_verbose_pid() { verbose_pid_size_.reset(); }
  void set_verbose_pid(std::string_view pid) {
    verbose_pid_size_ = pid.copy(verbose_pid_.data(), verbose_pid_.size());
    any_verbose_ = true;
  }
  bool IsVerbosePid(std::string_view pid) const {
    return pid.substr(0, kMaxPid) == std::string_view(verbose_pid_.data(), *verbose_pid_size_);
  }

  // Whether any of this was of use so far: what a line tells then hangs on those before it.
  bool joins_lines() const { return deliveries_ != nullptr || any_verbose_; }

  // The note of the line at hand, made anew: what its header says, and the queue id.
  MessageNote& NewNote(const Record& record, Mta mta, std::string_view queue_id) {
    note_ = {};
    note_.mta = mta;
    note_.time = record.time;
    note_.host = record.host;
    note_.instance = record.program;
    note_.queue_id = queue_id;
    return note_;
  }

 private:
  MessageNote note_;
  std::array<char, kMaxPid> verbose_pid_{};
  bool any_verbose_ = false;
  std::optional<std::size_t> verbose_pid_size_;
  const CoremailWords* coremail_words_ = nullptr;
  std::unique_ptr<DeliveryTable> deliveries_;
  std::unique_ptr<JsonReader> json_;
};

}  // namespace bouncesight
