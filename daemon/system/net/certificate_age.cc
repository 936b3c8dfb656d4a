#include "daemon/system/net/certificate_age.h"

#include <ctime>

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace bouncesight {
namespace {

using Time = std::chrono::system_clock::time_point;

Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return Time::max();
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string DayOf(Time time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

std::string Days(std::chrono::system_clock::duration time) {
  const auto days = std::chrono::duration_cast<std::chrono::hours>(time).count() / 24;
  if (days == 0) return "less than a day";
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

}  // namespace

std::string CertificateWarning(const TlsContext& context, const std::string& what, Time now) {
  X509* const own = context ? SSL_CTX_get0_certificate(context.get()) : nullptr;
  if (own == nullptr) return {};
  const Time from = TimeOf(X509_get0_notBefore(own));
  const Time until = TimeOf(X509_get0_notAfter(own));
  if (until == Time::max() || from == Time::max()) return {};
  if (now >= until) {
    return what + ": the certificate has expired on " + DayOf(until) + ", " + Days(now - until) +
           " ago; clients refuse it: renew it";
  }
  if (now < from) {
    return what + ": the certificate is not valid before " + DayOf(from) +
           "; is the clock of this host right?";
  }
  if (until - now > kCertificateNotice) return {};
  return what + ": the certificate expires in " + Days(until - now) + ", on " + DayOf(until) +
         "; renew it";
}

}  // namespace bouncesight
