// One log line without its wrapping: what every MTA parser reads, whether the line came bare, with
// a syslog header or inside JSON. Views as in delivery_event.h.
#pragma once

#include <string_view>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

struct Record {
  std::string_view time;     // the header's time stamp as written
  std::string_view host;     // the header's host name
  std::string_view program;  // the tag without pid and colon: "postfix/smtp", "exim"; may be empty
  std::string_view message;  // the rest of the line
  // All that follows the time stamp, for formats whose lines look like a header there. Empty: there
  // is not a stamp, or the header has parts that do not lie in one line.
  std::string_view behind_stamp;
  std::string_view json;  // the whole object, if the line is a JSON object; else empty
};

// What the header says of an event, whatever the line reports.
inline DeliveryEvent StartEvent(const Record& record, Mta mta) {
  DeliveryEvent event;
  event.mta = mta;
  event.time = record.time;
  event.host = record.host;
  event.instance = record.program;
  return event;
}

}  // namespace bouncesight
