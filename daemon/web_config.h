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

#include "daemon/rate_limiter.h"
#include "parsers/result.h"

namespace bouncesight {

enum class ClientAuth : std::uint8_t {
  kNoClientCert,
  kRequestClientCert,           // asked for, need not be there, not looked at
  kRequireAnyClientCert,        // must be there, by whomever it is signed
  kVerifyClientCertIfGiven,     // need not be there, but be good
  kRequireAndVerifyClientCert,  // must be there and be signed by the client CA
};

enum class TlsVersion : std::uint8_t { kTls10, kTls11, kTls12, kTls13 };

// Each of certificate, key and client CA is either a text (PEM) or the name of a file.
struct TlsConfig {
  std::string cert, cert_file;
  std::string key, key_file;
  std::string client_ca, client_ca_file;
  ClientAuth client_auth = ClientAuth::kNoClientCert;
  std::vector<std::string> client_allowed_sans;  // empty: any name
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;
  std::string ciphers;  // of TLS 1.2, in OpenSSL's notation; empty: OpenSSL's own choice
  std::string curves;   // the same
};

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
