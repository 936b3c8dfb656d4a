#include "daemon/config/certificate_sight.h"

#include "daemon/system/net/certificate_age.h"

namespace bouncesight {

std::vector<std::string> CertificateWarnings(const std::vector<SourceConfig>& sources,
                                             std::chrono::system_clock::time_point now) {
  std::vector<std::string> warnings;
  for (const SourceConfig& source : sources) {
    if (source.cert_file.empty()) continue;
    TlsConfig tls;
    tls.cert_file = source.cert_file;
    tls.key_file = source.key_file;
    const auto context = MakeTlsContext(tls);
    if (!context) continue;
    std::string warning =
        CertificateWarning(*context, "source " + source.name + ": " + source.cert_file, now);
    if (!warning.empty()) warnings.push_back(std::move(warning));
  }
  return warnings;
}

}  // namespace bouncesight
