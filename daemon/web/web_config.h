// The file of --web.config.file: TLS, passwords, headers and a limit, in the format of Prometheus'
// exporter toolkit (github.com/prometheus/exporter-toolkit, docs/web-configuration.md), so that one
// file serves all exporters of a host.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/system/net/tls_context.h"
#include "daemon/web/rate_limiter.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct WebSecurity {
  bool has_tls = false;
  TlsConfig tls;
  std::map<std::string, std::string> users;  // name to bcrypt hash; empty: no password is asked for
  std::vector<std::pair<std::string, std::string>> headers;  // of every answer
  RateLimit rate_limit;                                      // of all requests together
};

// Reads `text`; `path` stands for it in errors, and relative file names start at its folder.
// Unknown and repeated keys are errors: "FILE:LINE: KEY: what is wrong; what to do".
Result<WebSecurity> ParseWebConfig(std::string_view text, const std::string& path);

// The same for a file. At most 1 MiB.
Result<WebSecurity> LoadWebConfig(const std::string& path);

}  // namespace bouncesight
