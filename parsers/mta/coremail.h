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

#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// The words that may differ between versions. A delivery whose state stands in no list is
// Skip{kMalformed}: it may be a failure.
struct CoremailWords {
  std::string to = "to";
  std::string channel = "channel";
  std::string state = "state";
  std::string from = "from";
  std::string size = "size";              // bytes
  std::string free_text = "subject";      // the one key whose value may hold blanks and commas
  std::string remote_channel = "remote";  // deliveries on other channels leave no machine
  std::vector<std::string> delivered = {"sent", "success"};
  std::vector<std::string> deferred = {"defer", "deferred"};
  std::vector<std::string> bounced = {"bounced", "bounce"};

  std::string command = "cmd";
  std::string result = "Result";
  std::string client_ip = "ip";
  std::string sender = "SenderEmail";
  std::string account = "AuthUser";
  std::string login = "AUTH";  // a command that carries no mail
  std::vector<std::string> accepted = {"Deliver", "Success", "OK"};

  // The lines hold the time of day alone. With a date (of the file's name: DateInFileName) the
  // event's time is whole: "2026-11-21T10:15:01+08:00".
  std::string date;
  std::string zone = "+08:00";

  friend bool operator==(const CoremailWords&, const CoremailWords&) = default;
};

// "2026-11-21" out of "mta2026_11_21/mta_00_00_00.log" or "deliveragent.log.2026-11-21"; empty if
// there is none.
std::string DateInFileName(std::string_view path);

// Linear in `record`, no allocation. Skip{kForeign}: not a Coremail line. The first takes its words
// from the context and writes the whole time there; the second is a pure function.
Parsed ParseCoremail(const Record& record, ParseContext& context);
Parsed ParseCoremail(const Record& record, const CoremailWords& words);

}  // namespace bouncesight
