#include "daemon/system/net/tls_context.h"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "daemon/system/small_file.h"

namespace bouncesight {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Names = std::vector<std::string>;

constexpr std::uint64_t kMaxPemBytes = 4U << 20;

// Takes OpenSSL's oldest complaint: the cause, where later ones are its consequences.
Error TlsError(const std::string& what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  std::string remedy;
  if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE) {
    remedy = "; PEM is wanted, which has a line -----BEGIN CERTIFICATE-----";
  } else if (ERR_GET_LIB(code) == ERR_LIB_X509 &&
             ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH) {
    remedy = "; this is the key of another certificate";
  }
  return Error{what + ": " + (reason != nullptr ? reason : "cannot be used") + remedy};
}

Result<std::string> TextOf(const std::string& text, const std::string& file) {
  if (!text.empty()) return text;
  auto content = ReadSmallFile(file, kMaxPemBytes);
  if (!content) return Error{content.error().message + "; check the name and its permissions"};
  if (content->empty()) return Error{file + ": is empty; it must hold PEM"};
  return content;
}

Bio Reader(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

Certificate NextCertificate(BIO* bio) {
  return {PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), X509_free};
}

Status UseCertificate(SSL_CTX* context, const TlsConfig& config) {
  const std::string what = config.cert.empty() ? config.cert_file : "tls_server_config.cert";
  const auto text = TextOf(config.cert, config.cert_file);
  if (!text) return text.error();
  const Bio bio = Reader(*text);
  const Certificate own = NextCertificate(bio.get());
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return TlsError(what);
  while (const Certificate above = NextCertificate(bio.get())) {
    if (SSL_CTX_add1_chain_cert(context, above.get()) != 1) return TlsError(what);
  }
  ERR_clear_error();  // the end of the file counts as one
  return Ok{};
}

Status UseKey(SSL_CTX* context, const TlsConfig& config) {
  const std::string what = config.key.empty() ? config.key_file : "tls_server_config.key";
  const auto text = TextOf(config.key, config.key_file);
  if (!text) return text.error();
  const Bio bio = Reader(*text);
  char nothing[] = "";  // or OpenSSL would ask for a passphrase on the terminal
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nothing), EVP_PKEY_free);
  if (!key && text->find("ENCRYPTED") != std::string::npos) {
    ERR_clear_error();
    return Error{what +
                 ": the key has a passphrase, for which nobody can be asked here; write it without "
                 "one (openssl pkey -in KEY -out NEWKEY), readable for this service alone"};
  }
  if (!key && text->find("PRIVATE KEY") == std::string::npos) {
    ERR_clear_error();
    return Error{what +
                 ": holds no key; PEM is wanted, which has a line -----BEGIN PRIVATE KEY-----"};
  }
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) return TlsError(what);
  return Ok{};
}

bool HasName(X509* certificate, const std::string& name) {
  const unsigned flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_WILDCARDS;
  return X509_check_host(certificate, name.data(), name.size(), flags, nullptr) == 1 ||
         X509_check_email(certificate, name.data(), name.size(), flags) == 1 ||
         X509_check_ip_asc(certificate, name.c_str(), flags) == 1;
}

// For contexts whose names are limited: runs for each certificate of a chain.
int CheckClientName(int good, X509_STORE_CTX* store) {
  if (good != 1 || X509_STORE_CTX_get_error_depth(store) != 0) return good;
  const auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* names = static_cast<const Names*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  X509* certificate = X509_STORE_CTX_get_current_cert(store);
  if (std::any_of(names->begin(), names->end(),
                  [&](const std::string& name) { return HasName(certificate, name); })) {
    return 1;
  }
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

int AcceptAnyClient(int, X509_STORE_CTX*) { return 1; }

Status UseClientCa(SSL_CTX* context, const TlsConfig& config) {
  if (config.client_ca.empty() && config.client_ca_file.empty()) return Ok{};
  const std::string what =
      config.client_ca.empty() ? config.client_ca_file : "tls_server_config.client_ca";
  const auto text = TextOf(config.client_ca, config.client_ca_file);
  if (!text) return text.error();
  const Bio bio = Reader(*text);
  std::size_t count = 0;
  while (const Certificate ca = NextCertificate(bio.get())) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get());
    SSL_CTX_add_client_CA(context, ca.get());
    ++count;
  }
  if (count == 0) return TlsError(what);
  ERR_clear_error();
  return Ok{};
}

void AskClient(SSL_CTX* context, const TlsConfig& config, const Names* names) {
  const bool verify = config.client_auth >= ClientAuth::kVerifyClientCertIfGiven;
  const bool require = config.client_auth == ClientAuth::kRequireAnyClientCert ||
                       config.client_auth == ClientAuth::kRequireAndVerifyClientCert;
  int mode = config.client_auth == ClientAuth::kNoClientCert ? SSL_VERIFY_NONE : SSL_VERIFY_PEER;
  if (require) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_verify_cb callback = verify ? nullptr : AcceptAnyClient;
  if (verify && !names->empty()) callback = CheckClientName;
  SSL_CTX_set_verify(context, mode, callback);
}

int VersionNumber(TlsVersion version) {
  constexpr int kNumbers[] = {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION};
  return kNumbers[static_cast<std::size_t>(version)];
}

}  // namespace

Result<TlsContext> MakeTlsContext(const TlsConfig& config) {
  ERR_clear_error();
  auto names = std::make_shared<const Names>(config.client_allowed_sans);
  SSL_CTX* raw = SSL_CTX_new(TLS_server_method());
  if (raw == nullptr) return TlsError("OpenSSL");
  // The deleter owns the names: they live as long as the context that points at them.
  TlsContext context(raw, [names](SSL_CTX* old) { SSL_CTX_free(old); });
  SSL_CTX_set_app_data(raw, const_cast<Names*>(names.get()));
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 0);  // in TLS 1.3, too: rsyslog stalls on those
  SSL_CTX_set_min_proto_version(raw, VersionNumber(config.min_version));
  SSL_CTX_set_max_proto_version(raw, VersionNumber(config.max_version));
  if (!config.ciphers.empty() && SSL_CTX_set_cipher_list(raw, config.ciphers.c_str()) != 1) {
    return TlsError("tls_server_config.cipher_suites");
  }
  if (!config.curves.empty() && SSL_CTX_set1_groups_list(raw, config.curves.c_str()) != 1) {
    return TlsError("tls_server_config.curve_preferences");
  }
  if (Status status = UseCertificate(raw, config); !status) return status.error();
  if (Status status = UseKey(raw, config); !status) return status.error();
  if (SSL_CTX_check_private_key(raw) != 1) {
    return TlsError("tls_server_config: the key does not fit the certificate");
  }
  if (Status status = UseClientCa(raw, config); !status) return status.error();
  AskClient(raw, config, names.get());
  return context;
}

}  // namespace bouncesight
