#include "parsers/event/delivery_event.h"

#include <array>

#include "parsers/text/scan.h"

namespace bouncesight {

std::string_view DelayStepName(DelayStep step) {
  constexpr std::string_view kNames[] = {"incoming", "queue", "connect", "transfer"};
  return kNames[static_cast<std::size_t>(step)];
}

std::string_view OutcomeName(Outcome outcome) {
  static constexpr std::array<std::string_view, kOutcomeCount> kNames = {
      "delivered", "deferred", "bounced", "expired", "rejected", "suspended"};
  return kNames[static_cast<std::size_t>(outcome)];
}

bool NextRecipient(DeliveryEvent& event) {
  std::string_view address;
  while (address.empty() && !event.more_recipients.empty()) {
    address = TakeListedAddress(event.more_recipients);
  }
  if (address.empty()) return false;
  event.recipient = address;
  event.recipient_domain = DomainOf(address);
  return true;
}

std::string_view DomainOf(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

}  // namespace bouncesight
