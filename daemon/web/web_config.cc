#include "daemon/web/web_config.h"

#include <algorithm>
#include <set>

#include <openssl/ssl.h>

#include "daemon/config/yaml_map.h"
#include "daemon/system/fs.h"
#include "daemon/system/small_file.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMaxBytes = 1024 * 1024;

void ReadFileName(YamlMap& map, const char* key, const std::string& folder, std::string& out) {
  map.Read(key, out);
  if (!out.empty() && out.front() != '/') out = folder + "/" + out;
}

// A list of names, each turned into OpenSSL's by `translate`; an empty answer is a complaint.
std::string ReadNames(YamlMap& map, const char* key, std::string (*translate)(const std::string&)) {
  std::vector<std::string> names;
  map.Read(key, names);
  std::string joined;
  for (const auto& name : names) {
    const std::string own = translate(name);
    if (own.empty()) map.Complain(key, "`" + name + "` is not known here");
    if (own != "-") joined += (joined.empty() ? "" : ":") + own;
  }
  return joined;
}

// "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"; "-" for a suite of TLS 1.3, which cannot be chosen.
std::string CipherName(const std::string& name) {
  if (name.find("_WITH_") == std::string::npos) return name.starts_with("TLS_") ? "-" : "";
  const std::string_view own = OPENSSL_cipher_name(name.c_str());
  if (own != "(NONE)") return std::string(own);
  const std::string_view full = OPENSSL_cipher_name((name + "_SHA256").c_str());  // Go's short form
  return full == "(NONE)" ? "" : std::string(full);
}

std::string CurveName(const std::string& name) {
  if (name == "X25519") return name;
  if (name == "CurveP256") return "P-256";
  if (name == "CurveP384") return "P-384";
  return name == "CurveP521" ? "P-521" : "";
}

void CheckTls(YamlMap& map, const TlsConfig& tls) {
  if (tls.cert.empty() == tls.cert_file.empty()) {
    map.Complain("cert_file", "name the certificate, either by cert_file or by cert");
  }
  if (tls.key.empty() == tls.key_file.empty()) {
    map.Complain("key_file", "name the key, either by key_file or by key");
  }
  const bool ca = !tls.client_ca.empty() || !tls.client_ca_file.empty();
  if (!tls.client_ca.empty() && !tls.client_ca_file.empty()) {
    map.Complain("client_ca_file", "give either client_ca_file or client_ca");
  }
  if (ca && tls.client_auth == ClientAuth::kNoClientCert) {
    map.Complain("client_auth_type",
                 "a client CA is given, but no certificate is asked for; write "
                 "RequireAndVerifyClientCert");
  }
  if (!ca && tls.client_auth >= ClientAuth::kVerifyClientCertIfGiven) {
    map.Complain("client_ca_file", "name the CA against which clients are verified");
  }
  if (!tls.client_allowed_sans.empty() && tls.client_auth < ClientAuth::kVerifyClientCertIfGiven) {
    map.Complain("client_allowed_sans", "needs client_auth_type: RequireAndVerifyClientCert");
  }
  if (tls.min_version > tls.max_version) map.Complain("min_version", "is above max_version");
}

void ReadTls(const YAML::Node& node, const std::string& folder, WebSecurity& web,
             YamlErrors& complaints) {
  if (!node.IsDefined() || node.IsNull()) return;
  static const std::vector<std::string_view> kVersions = {"TLS10", "TLS11", "TLS12", "TLS13"};
  TlsConfig& tls = web.tls;
  YamlMap map(node, "tls_server_config.", complaints);
  map.Read("cert", tls.cert);
  ReadFileName(map, "cert_file", folder, tls.cert_file);
  map.Read("key", tls.key);
  ReadFileName(map, "key_file", folder, tls.key_file);
  map.Read("client_ca", tls.client_ca);
  ReadFileName(map, "client_ca_file", folder, tls.client_ca_file);
  tls.client_auth = static_cast<ClientAuth>(
      map.ReadChoice("client_auth_type",
                     {"NoClientCert", "RequestClientCert", "RequireAnyClientCert",
                      "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"},
                     0));
  map.Read("client_allowed_sans", tls.client_allowed_sans);
  tls.min_version = static_cast<TlsVersion>(map.ReadChoice("min_version", kVersions, 2));
  tls.max_version = static_cast<TlsVersion>(map.ReadChoice("max_version", kVersions, 3));
  tls.ciphers = ReadNames(map, "cipher_suites", CipherName);
  tls.curves = ReadNames(map, "curve_preferences", CurveName);
  bool ignored = true;  // ours is always the server's order
  map.Read("prefer_server_cipher_suites", ignored);
  map.Finish();
  CheckTls(map, tls);
  web.has_tls = true;
}

void ReadHeaders(const YAML::Node& node, WebSecurity& web, YamlErrors& complaints) {
  YamlMap map(node, "http_server_config.headers.", complaints);
  for (const char* name : {"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options",
                           "X-XSS-Protection", "Strict-Transport-Security"}) {
    std::string value;
    map.Read(name, value);
    const auto bad = [](unsigned char c) { return c < 0x20 || c > 0x7e; };
    if (std::any_of(value.begin(), value.end(), bad)) map.Complain(name, "write printable ASCII");
    if (!value.empty()) web.headers.emplace_back(name, value);
  }
  map.Finish();
}

void ReadHttp(const YAML::Node& node, WebSecurity& web, YamlErrors& complaints) {
  YamlMap map(node, "http_server_config.", complaints);
  bool ignored = true;  // there is HTTP/1.1 only; a client that offers both takes that
  map.Read("http2", ignored);
  ReadHeaders(map.Child("headers"), web, complaints);
  map.Finish();
}

// "$2y$10$" and 53 characters of salt and hash.
bool IsBcrypt(std::string_view hash) {
  constexpr std::string_view kAlphabet =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return hash.size() == 60 && hash.starts_with("$2") &&
         std::string_view("aby").find(hash[2]) != std::string_view::npos && hash[3] == '$' &&
         hash[6] == '$' && hash.substr(4, 2) >= "04" && hash.substr(4, 2) <= "16" &&
         hash.substr(7).find_first_not_of(kAlphabet) == std::string_view::npos;
}

void ReadUsers(const YAML::Node& node, WebSecurity& web, YamlErrors& complaints) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsMap()) {
    return complaints.Add(node.Mark(), "basic_auth_users", "write `name: bcrypt hash` pairs here");
  }
  for (const auto& item : node) {
    const std::string name = item.first.IsScalar() ? item.first.Scalar() : "";
    const std::string hash = item.second.IsScalar() ? item.second.Scalar() : "";
    const std::string key = "basic_auth_users." + name;
    if (name.empty() || name.find(':') != std::string::npos) {
      complaints.Add(item.first.Mark(), key, "write a name without a colon");
    }
    if (!IsBcrypt(hash)) {
      complaints.Add(item.second.Mark(), key,
                     "this is not a bcrypt hash of a cost from 4 to 16; make one with `htpasswd "
                     "-nBC 10 NAME`");
    }
    if (!web.users.emplace(name, hash).second) {
      complaints.Add(item.first.Mark(), key, "this user stands here twice; keep one");
    }
  }
}

void ReadRateLimit(const YAML::Node& node, RateLimit& limit, YamlErrors& complaints) {
  YamlMap map(node, "rate_limit.", complaints);
  map.Read("interval", limit.interval, {std::chrono::milliseconds(0), std::chrono::hours(1)},
           "write a duration of at most 60m, as 10s; 0s is no limit");
  map.Read("burst", limit.burst, 0, 1'000'000);
  map.Finish();
  if (limit.interval.count() > 0 && limit.burst == 0) {
    map.Complain("burst", "write how many requests may come at once, at least 1");
  }
}

void ReadAll(const YAML::Node& root, const std::string& folder, WebSecurity& web,
             YamlErrors& complaints) {
  YamlMap map(root, "", complaints);
  ReadTls(map.Child("tls_server_config"), folder, web, complaints);
  ReadHttp(map.Child("http_server_config"), web, complaints);
  ReadUsers(map.Child("basic_auth_users"), web, complaints);
  ReadRateLimit(map.Child("rate_limit"), web.rate_limit, complaints);
  map.Finish();
}

}  // namespace

Result<WebSecurity> ParseWebConfig(std::string_view text, const std::string& path) {
  YamlErrors complaints(path);
  WebSecurity web;
  try {
    ReadAll(LoadYaml(text, complaints), DirectoryOf(path), web, complaints);
  } catch (const YAML::Exception& error) {
    complaints.Add(error.mark, "", "this is not YAML: " + error.msg);
  }
  if (!complaints.messages().empty()) return Error{complaints.messages().front()};
  return web;
}

Result<WebSecurity> LoadWebConfig(const std::string& path) {
  const auto text = ReadSmallFile(path, kMaxBytes);
  if (text) return ParseWebConfig(*text, path);
  return Error{text.error().message +
               "; name the web configuration by --web.config.file, and let " + "this user read it"};
}

}  // namespace bouncesight
