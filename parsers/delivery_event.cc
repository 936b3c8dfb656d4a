#include "parsers/delivery_event.h"

#include <array>

namespace bouncesight {
namespace {

constexpr std::array<std::string_view, kOutcomeCount> kOutcomeNames = {
    "delivered", "deferred", "bounced", "expired", "rejected", "suspended"};

constexpr std::array<std::string_view, kMtaCount> kMtaNames = {
    "postfix", "exim", "coremail", "sendmail", "opensmtpd", "qmail", "kumomta", "zonemta", "haraka"};

}  // namespace

std::string_view OutcomeName(Outcome outcome) {
  return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

std::string_view MtaName(Mta mta) { return kMtaNames[static_cast<std::size_t>(mta)]; }

std::string_view DomainOf(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

}  // namespace bouncesight
