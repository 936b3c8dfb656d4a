// The vocabulary of causes: why a delivery failed, whatever the MTA. What the reply says is the
// cause; whether the failure is for good is another question (parsers/event/permanence.h).
// rules/RULES.md lists them, rules/advice.yaml says of each what it means and what to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bouncesight {

// The built-in causes. Operators' rules may add more: those get numbers from kBuiltinCauseCount on
// (RuleSet names them).
enum class CauseId : std::uint16_t {
  kUnclassified,
  // recipient
  kUserUnknown,
  kMailboxDisabled,
  kMailboxMoved,
  kMailboxFull,
  kRecipientRefused,
  kBadRecipientAddress,
  // domain
  kDomainNotFound,
  kDomainNoMail,
  kDnsFailure,
  // network
  kConnectTimeout,
  kConnectRefused,
  kConnectionLost,
  kHostUnreachable,
  kRoutingLoop,
  kMessageExpired,
  // reputation
  kIpBlocklisted,
  kDomainBlocklisted,
  kPoorReputation,
  kClientBlocked,
  kRdnsHelo,
  // content
  kSpamContent,
  kVirus,
  kContentProhibited,
  kMessageTooLarge,
  kMessageMalformed,
  // auth
  kSpfFail,
  kDkimFail,
  kDmarcFail,
  kAuthFail,
  kSmtpAuthRequired,
  kTlsFailure,
  // policy
  kSenderDomainInvalid,
  kSenderSuspended,
  kSenderRejected,
  kRelayDenied,
  kPolicyRejected,
  // capacity
  kGreylisted,
  kRateLimited,
  kTooManyConnections,
  kTooManyRecipients,
  kRemoteStorageFull,
  kTryLater,
  // system
  kRemoteError,
  kLocalError,
  kProtocolError,
};
inline constexpr std::size_t kBuiltinCauseCount = 46;  // 45 and unclassified

struct CauseInfo {
  std::string_view name;    // "user_unknown": the label value
  std::string_view family;  // "recipient", "domain", …; "none" for unclassified
};

// `id` must be a built-in one. Static storage.
const CauseInfo& BuiltinCause(CauseId id);
std::optional<CauseId> FindBuiltinCause(std::string_view name);

}  // namespace bouncesight
