// The fields of a Postfix delivery line, as postfix.h shows it.
#pragma once

#include <optional>
#include <string_view>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

// `fields` is the line from "to=" on. Fills outcome, recipient, relay, delay, dsn and reply.
// kMalformed: it does not go on like a delivery line; kProbe: no mail moved.
std::optional<SkipReason> ReadPostfixDelivery(std::string_view fields, DeliveryEvent& event);

// Takes an address off the start of `text`, with angle brackets around it and their quoting
// understood, or, where somebody took them off, up to the next comma. The view is without them.
bool TakePostfixAddress(std::string_view& text, std::string_view& address);

}  // namespace bouncesight
