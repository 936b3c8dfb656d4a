// Coremail's delivery log (deliveragent.log) and transaction log (mtatrans):
//
//   T:DIGITS(HH:MM:SS)[FLAG] MSGID:key=value,key=value,...REASON
//   HH:MM:SS [key:value,key:value,...]
//
// The vendor publishes neither. This reader was rebuilt from the programs that other people
// published for reading these logs, and has not seen a whole line of a production system: the names
// of keys and states are therefore data (CoremailWords). Redacted samples are welcome.
//
// REASON is all that stands behind the last key=value pair, with a comma or a blank in between.
#pragma once

#include <array>
#include <string_view>

#include "parsers/delivery_event.h"
#include "parsers/record.h"
#include "parsers/scratch.h"

namespace bouncesight {

// The words that may differ between versions. Unused places stay empty. A word that stands in no
// list is no result.
struct CoremailWords {
  std::string_view to = "to";
  std::string_view channel = "channel";
  std::string_view state = "state";
  std::string_view free_text = "subject";      // the one key whose value may hold blanks and commas
  std::string_view remote_channel = "remote";  // deliveries on other channels leave no machine
  std::array<std::string_view, 4> delivered = {"sent", "success"};
  std::array<std::string_view, 4> deferred = {"defer", "deferred"};
  std::array<std::string_view, 4> bounced = {"bounced", "bounce"};

  std::string_view command = "cmd";
  std::string_view result = "Result";
  std::string_view client_ip = "ip";
  std::string_view login = "AUTH";  // a command that carries no mail
  std::array<std::string_view, 4> accepted = {"Deliver", "Success", "OK"};
};

// Pure functions of `record`: linear in it, no allocation. Skip{kForeign}: not a Coremail line.
Parsed ParseCoremail(const Record& record, Scratch& scratch);
Parsed ParseCoremail(const Record& record, const CoremailWords& words);

}  // namespace bouncesight
