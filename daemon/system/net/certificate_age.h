// Is the certificate of a TLS context still good, and for how long?
#pragma once

#include <chrono>
#include <string>

#include "daemon/system/net/tls_context.h"

namespace bouncesight {

// So long before its end a certificate is worth a word: what renews it has failed more than once.
inline constexpr std::chrono::hours kCertificateNotice{14 * 24};

// A sentence where the context's own certificate has expired, expires within kCertificateNotice or
// is not valid yet; `what` names it, with its file. Empty: it is good.
std::string CertificateWarning(const TlsContext& context, const std::string& what,
                               std::chrono::system_clock::time_point now);

}  // namespace bouncesight
