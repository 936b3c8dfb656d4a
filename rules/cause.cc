#include "rules/cause.h"

#include <array>

namespace bouncesight {
namespace {

// In the order of CauseId.
constexpr std::array<CauseInfo, kBuiltinCauseCount> kCauses = {{
    {"unclassified", "none"},
    {"user_unknown", "recipient"},
    {"mailbox_disabled", "recipient"},
    {"mailbox_moved", "recipient"},
    {"mailbox_full", "recipient"},
    {"recipient_refused", "recipient"},
    {"bad_recipient_address", "recipient"},
    {"domain_not_found", "domain"},
    {"domain_no_mail", "domain"},
    {"dns_failure", "domain"},
    {"connect_timeout", "network"},
    {"connect_refused", "network"},
    {"connection_lost", "network"},
    {"host_unreachable", "network"},
    {"routing_loop", "network"},
    {"message_expired", "network"},
    {"ip_blocklisted", "reputation"},
    {"domain_blocklisted", "reputation"},
    {"poor_reputation", "reputation"},
    {"client_blocked", "reputation"},
    {"rdns_helo", "reputation"},
    {"spam_content", "content"},
    {"virus", "content"},
    {"content_prohibited", "content"},
    {"message_too_large", "content"},
    {"message_malformed", "content"},
    {"spf_fail", "auth"},
    {"dkim_fail", "auth"},
    {"dmarc_fail", "auth"},
    {"auth_fail", "auth"},
    {"smtp_auth_required", "auth"},
    {"tls_failure", "auth"},
    {"sender_domain_invalid", "policy"},
    {"sender_suspended", "policy"},
    {"sender_rejected", "policy"},
    {"relay_denied", "policy"},
    {"policy_rejected", "policy"},
    {"greylisted", "capacity"},
    {"rate_limited", "capacity"},
    {"too_many_connections", "capacity"},
    {"too_many_recipients", "capacity"},
    {"remote_storage_full", "capacity"},
    {"try_later", "capacity"},
    {"remote_error", "system"},
    {"local_error", "system"},
    {"protocol_error", "system"},
}};

}  // namespace

const CauseInfo& BuiltinCause(CauseId id) { return kCauses.at(static_cast<std::size_t>(id)); }

std::optional<CauseId> FindBuiltinCause(std::string_view name) {
  for (std::size_t i = 0; i < kCauses.size(); ++i) {
    if (kCauses[i].name == name) return static_cast<CauseId>(i);
  }
  return std::nullopt;
}

}  // namespace bouncesight
