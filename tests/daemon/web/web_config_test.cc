#include "daemon/web/web_config.h"

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using testing::HasSubstr;

constexpr const char* kHash = "$2b$04$abcdefghijklmnopqrstuuqnI.S/WtyT70APFx2Y4z3xoyL7Xb6Wm";

WebSecurity Parse(const std::string& text) {
  auto web = ParseWebConfig(text, "/etc/bouncesight/web.yaml");
  if (!web) {
    ADD_FAILURE() << web.error().message;
    return {};
  }
  return *web;
}

std::string Complaint(const std::string& text) {
  const auto web = ParseWebConfig(text, "/etc/bouncesight/web.yaml");
  return web ? "no complaint" : web.error().message;
}

TEST(WebConfig, AsksForNothingWhenItIsEmpty) {
  const WebSecurity web = Parse("");
  EXPECT_FALSE(web.has_tls);
  EXPECT_TRUE(web.users.empty());
  EXPECT_TRUE(web.headers.empty());
}

TEST(WebConfig, ReadsALimitOfRequests) {
  EXPECT_EQ(Parse("").rate_limit, RateLimit{});
  EXPECT_EQ(Parse("rate_limit: {interval: 100ms, burst: 20}").rate_limit,
            (RateLimit{std::chrono::milliseconds(100), 20}));
  EXPECT_EQ(Parse("rate_limit: {interval: 0s, burst: 0}").rate_limit, RateLimit{});
  EXPECT_THAT(Complaint("rate_limit: {interval: 1s}"),
              HasSubstr("rate_limit.burst: write how many requests may come at once"));
  EXPECT_THAT(Complaint("rate_limit: {interval: 5, burst: 1}"),
              HasSubstr("web.yaml:1: rate_limit.interval: `5`: write a duration"));
  EXPECT_THAT(Complaint("rate_limit: {interval: 1s, burst: -1}"), HasSubstr("rate_limit.burst"));
  EXPECT_THAT(Complaint("rate_limit: {rate: 5}"), HasSubstr("rate_limit.rate: unknown key"));
}

TEST(WebConfig, ReadsEveryKeyOfTls) {
  const WebSecurity web = Parse(R"(
tls_server_config:
  cert_file: web.crt
  key_file: /etc/ssl/web.key
  client_ca_file: ca.pem
  client_auth_type: RequireAndVerifyClientCert
  client_allowed_sans: [prometheus.example.com]
  min_version: TLS12
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305, TLS_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  prefer_server_cipher_suites: true
)");
  EXPECT_TRUE(web.has_tls);
  EXPECT_EQ(web.tls.cert_file, "/etc/bouncesight/web.crt");
  EXPECT_EQ(web.tls.key_file, "/etc/ssl/web.key");
  EXPECT_EQ(web.tls.client_ca_file, "/etc/bouncesight/ca.pem");
  EXPECT_EQ(web.tls.client_auth, ClientAuth::kRequireAndVerifyClientCert);
  EXPECT_EQ(web.tls.client_allowed_sans.size(), 1u);
  EXPECT_EQ(web.tls.min_version, TlsVersion::kTls12);
  EXPECT_EQ(web.tls.max_version, TlsVersion::kTls13);
  EXPECT_EQ(web.tls.ciphers, "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305");
  EXPECT_EQ(web.tls.curves, "X25519:P-256");
}

TEST(WebConfig, ReadsTheCommentedFileWithoutItsCommentSigns) {
  std::ifstream in(SOURCE_DIR "/config/web.yaml");
  std::string text;
  bool keys = false;
  for (std::string line; std::getline(in, line);) {
    keys = keys || line == "# tls_server_config:";
    if (keys) text += line.substr(std::min<std::size_t>(2, line.size())) + "\n";
  }
  const WebSecurity web = Parse(text);
  EXPECT_TRUE(web.has_tls);
  EXPECT_EQ(web.headers.size(), 5u);
  EXPECT_EQ(web.users.count("prometheus"), 1u);
}

TEST(WebConfig, ReadsUsersAndHeaders) {
  const WebSecurity web = Parse(std::string("basic_auth_users: {prometheus: '") + kHash + "'}\n" +
                                "http_server_config:\n  http2: false\n"
                                "  headers: {X-Frame-Options: deny}\n");
  EXPECT_EQ(web.users.at("prometheus"), kHash);
  ASSERT_EQ(web.headers.size(), 1u);
  EXPECT_EQ(web.headers[0], std::pair(std::string("X-Frame-Options"), std::string("deny")));
}

TEST(WebConfig, ComplainsWithFileLineAndKey) {
  const struct {
    const char* text;
    const char* complaint;
  } kCases[] = {
      {"tls_config: {}", "web.yaml:1: tls_config: unknown key"},
      {"tls_server_config:\n  cert_file: a\n  key: b\n  cert_fil: c",
       "web.yaml:4: tls_server_config.cert_fil: unknown key; did you mean `cert_file`?"},
      {"tls_server_config:\n  key_file: a", "tls_server_config.cert_file: name the certificate"},
      {"tls_server_config: {cert: a, cert_file: b, key: c}", "either by cert_file or by cert"},
      {"tls_server_config:\n  cert_file: a", "tls_server_config.key_file: name the key"},
      {"tls_server_config: {cert: a, key: b, client_ca: c}", "no certificate is asked for"},
      {"tls_server_config: {cert: a, key: b, client_auth_type: RequireAndVerifyClientCert}",
       "name the CA"},
      {"tls_server_config: {cert: a, key: b, client_auth_type: Maybe}",
       "write one of NoClientCert"},
      {"tls_server_config: {cert: a, key: b, min_version: SSL3}", "write one of TLS10"},
      {"tls_server_config: {cert: a, key: b, min_version: TLS13, max_version: TLS12}",
       "is above max_version"},
      {"tls_server_config: {cert: a, key: b, cipher_suites: [TLS_RSA_WITH_NOTHING]}",
       "`TLS_RSA_WITH_NOTHING` is not known"},
      {"tls_server_config: {cert: a, key: b, curve_preferences: [Curve1]}", "is not known"},
      {"http_server_config:\n  headers:\n    Server: x",
       "web.yaml:3: http_server_config.headers.Server: unknown key"},
      {"http_server_config: {headers: {X-Frame-Options: \"a\\r\\nb: c\"}}", "printable ASCII"},
      {"basic_auth_users: {admin: secret}", "basic_auth_users.admin: this is not a bcrypt hash"},
      {"basic_auth_users: [admin]", "write `name: bcrypt hash` pairs"},
      {"a: b: c", "this is not YAML"},
  };
  for (const auto& test : kCases) EXPECT_THAT(Complaint(test.text), HasSubstr(test.complaint));
}

TEST(WebConfig, RefusesCostsOfBcryptThatWouldStopTheServer) {
  std::string hash = kHash;
  hash[4] = '3';
  hash[5] = '1';
  EXPECT_THAT(Complaint("basic_auth_users: {a: '" + hash + "'}"), HasSubstr("cost from 4 to 16"));
}

}  // namespace
}  // namespace bouncesight
