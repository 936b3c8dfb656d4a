// Certificates of sources that have expired or soon will.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace bouncesight {

// A sentence for each syslog source whose certificate needs a word (certificate_age.h). Reads the
// files; what cannot be read is another one's to complain of.
std::vector<std::string> CertificateWarnings(const std::vector<SourceConfig>& sources,
                                             std::chrono::system_clock::time_point now);

}  // namespace bouncesight
