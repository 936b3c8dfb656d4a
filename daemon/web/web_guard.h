// Who may scrape, and under which certificate, as the files say now: the web configuration and what
// it names are taken up anew when they change on disk, so a renewed certificate needs no restart.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/system/clock.h"
#include "daemon/system/file_stamp.h"
#include "daemon/system/net/tls_context.h"
#include "daemon/web/basic_auth.h"
#include "daemon/web/web_config.h"

namespace bouncesight {

// Immutable once made.
struct WebAccess {
  WebSecurity config;
  TlsContext tls;  // null: plain HTTP
};

// Belongs to the thread of the HTTP server, but for auth(), which any thread may use.
class WebGuard {
 public:
  // An empty `path`: plain HTTP for everybody, always. The references must outlive the guard.
  WebGuard(std::string path, FileSystem& fs, const Clock& clock);

  // The first load. An Error: there is no safe way to listen.
  Status Load();
  // A sentence where the certificate in force has expired or soon will (certificate_age.h).
  std::string CertificateWarning() const;
  // Never null after Load. Says once a day what CertificateWarning has to say. Looks at the files
  // at most once a second; what cannot be used is logged and leaves the old one in force.
  std::shared_ptr<const WebAccess> Access();

  // May one more request be answered? Asked before its password is looked at.
  bool Admits(const WebAccess& access) {
    return limiter_.Allow(access.config.rate_limit, clock_.Steady());
  }

  BasicAuth& auth() { return auth_; }

 private:
  using Stamps = std::vector<std::pair<std::string, FileStamp>>;  // by path
  static constexpr std::chrono::seconds kLookEvery{1};
  static constexpr std::chrono::hours kTellEvery{24};

  Stamps StampsOf(const WebSecurity& config) const;
  bool Changed() const;
  void TellOfCertificate();

  std::string path_;
  FileSystem& fs_;
  const Clock& clock_;
  BasicAuth auth_;
  RateLimiter limiter_;
  std::shared_ptr<const WebAccess> access_;
  Stamps stamps_;
  std::chrono::steady_clock::time_point looked_;
  std::chrono::steady_clock::time_point told_;  // of the certificate
};

}  // namespace bouncesight
