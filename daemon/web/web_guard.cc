#include "daemon/web/web_guard.h"

#include <algorithm>

#include "daemon/system/log.h"
#include "daemon/system/net/certificate_age.h"

namespace bouncesight {

WebGuard::WebGuard(std::string path, FileSystem& fs, const Clock& clock)
    : path_(std::move(path)), fs_(fs), clock_(clock) {}

WebGuard::Stamps WebGuard::StampsOf(const WebSecurity& config) const {
  Stamps stamps;
  for (const auto* file :
       {&path_, &config.tls.cert_file, &config.tls.key_file, &config.tls.client_ca_file}) {
    if (!file->empty()) stamps.emplace_back(*file, StampOf(fs_, *file));
  }
  return stamps;
}

Status WebGuard::Load() {
  looked_ = told_ = clock_.Steady();
  if (path_.empty()) {
    access_ = std::make_shared<const WebAccess>();
    return Ok{};
  }
  // Stamped before they are read: a change in between is seen the next time.
  stamps_ = {{path_, StampOf(fs_, path_)}};
  auto config = LoadWebConfig(path_);
  if (!config) return config.error();
  stamps_ = StampsOf(*config);
  WebAccess access;
  if (config->has_tls) {
    auto tls = MakeTlsContext(config->tls);
    if (!tls) return Error{path_ + ": " + tls.error().message};
    access.tls = std::move(*tls);
  }
  access.config = std::move(*config);
  access_ = std::make_shared<const WebAccess>(std::move(access));
  return Ok{};
}

std::string WebGuard::CertificateWarning() const {
  if (!access_ || !access_->tls) return {};
  const std::string& file = access_->config.tls.cert_file;
  return bouncesight::CertificateWarning(
      access_->tls, file.empty() ? path_ + ": tls_server_config.cert" : file, clock_.Wall());
}

void WebGuard::TellOfCertificate() {
  told_ = clock_.Steady();
  if (const std::string warning = CertificateWarning(); !warning.empty()) LogWarning("{}", warning);
}

bool WebGuard::Changed() const {
  return std::any_of(stamps_.begin(), stamps_.end(), [this](const auto& stamp) {
    return StampOf(fs_, stamp.first) != stamp.second;
  });
}

std::shared_ptr<const WebAccess> WebGuard::Access() {
  if (path_.empty() || clock_.Steady() - looked_ < kLookEvery) return access_;
  looked_ = clock_.Steady();
  if (clock_.Steady() - told_ >= kTellEvery) TellOfCertificate();
  if (!Changed()) return access_;
  // Keeps watching all files when the load fails half-way, as between the renewal of a certificate
  // and that of its key.
  const auto watched = StampsOf(access_->config);
  if (Status status = Load(); status) {
    LogInfo("the web configuration and its certificates are taken up anew");
    TellOfCertificate();
  } else {
    if (stamps_.size() < watched.size()) stamps_ = watched;
    LogError("{}; the old ones stay in force", status.error().message);
  }
  return access_;
}

}  // namespace bouncesight
