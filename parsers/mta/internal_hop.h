// Handed to a content filter, which hands it back: the delivery is yet to come.
#pragma once

#include <vector>

#include "parsers/event/delivery_event.h"
#include "parsers/text/ip_network.h"

namespace bouncesight {

// Whether the event went to one of `relays`, and not into a mailbox there. What such a hop refuses
// or puts off is a result as any other, for nothing follows it.
bool IsInternalHop(const DeliveryEvent& event, const std::vector<IpNetwork>& relays);

}  // namespace bouncesight
