// TLS by OpenSSL: what may be set, and the context that comes of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "parsers/event/result.h"

struct ssl_ctx_st;

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

// Shared: a connection keeps the context under which it began.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

// Reads the files that `config` names. An Error says which one cannot be used, and why.
Result<TlsContext> MakeTlsContext(const TlsConfig& config);

}  // namespace bouncesight
