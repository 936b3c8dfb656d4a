// The deliveries of a log as JSON, one record for each result, for `send: events` of an output: the
// records of `bouncesight events` (batch/event_record.h) with addresses as `privacy` says, and
// without the number of the line, which a reader that begins in the middle does not know. A sender
// is known where the line that tells of it was read since the start of the daemon; so is whom an
// expiry that names nobody is about: without its deferrals it is one record without a recipient.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/config/config.h"
#include "daemon/count/line_stream.h"
#include "daemon/kafka/ship_stream.h"
#include "daemon/system/clock.h"
#include "parsers/event/result.h"
#include "rules/rule_set.h"

namespace bouncesight {

// What the events of all sources use. It must outlive them.
struct EventWorld {
  std::function<std::shared_ptr<const RuleSet>()> rules;  // from any thread: those in force
  std::string addresses;                                  // hidden, hashed, full
};

// Makes the streams of one source; they share what was seen of messages.
Result<EventStreamMaker> MakeEventStreams(const SourceConfig& source, const EventWorld& world,
                                          const Clock& clock);

}  // namespace bouncesight
