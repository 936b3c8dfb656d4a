#include "daemon/system/net/renewed_tls.h"

#include "daemon/system/log.h"

namespace bouncesight {
namespace {

constexpr std::chrono::seconds kLookEvery{1};

}  // namespace

Result<RenewedTls> RenewedTls::Load(TlsConfig config, FileSystem& fs) {
  RenewedTls made(std::move(config), fs);
  made.stamps_ = made.Stamps();
  auto context = MakeTlsContext(made.config_);
  if (!context) return context.error();
  made.context_ = std::move(*context);
  return made;
}

const TlsContext& RenewedTls::Get(Time now, const std::string& who) {
  if (now - looked_ < kLookEvery) return context_;
  looked_ = now;
  auto stamps = Stamps();
  if (stamps == stamps_) return context_;
  stamps_ = std::move(stamps);
  auto context = MakeTlsContext(config_);
  if (!context) {
    LogError("{}: {}; the old certificate stays in force", who, context.error().message);
    return context_;
  }
  LogInfo("{}: the certificate is taken up anew", who);
  context_ = std::move(*context);
  return context_;
}

std::vector<FileStamp> RenewedTls::Stamps() const {
  return {StampOf(*fs_, config_.cert_file), StampOf(*fs_, config_.key_file),
          StampOf(*fs_, config_.client_ca_file)};
}

}  // namespace bouncesight
