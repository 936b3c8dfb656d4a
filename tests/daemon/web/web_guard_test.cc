#include "daemon/web/web_guard.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/web/made_certificate.h"

namespace bouncesight {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kUser =
    "basic_auth_users: {someone: $2b$04$abcdefghijklmnopqrstuuqnI.S/WtyT70APFx2Y4z3xoyL7Xb6Wm}\n";

class WebGuardTest : public testing::Test {
 protected:
  WebGuardTest() {
    std::string name = testing::TempDir() + "bouncesight-web-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ + "/web.yaml";
  }
  ~WebGuardTest() override { std::filesystem::remove_all(folder_); }

  // As a renewer does: a new file in the old one's place.
  void Write(const std::string& text) {
    std::ofstream(path_ + ".new") << text;
    std::filesystem::rename(path_ + ".new", path_);
  }

  std::string folder_, path_;
  FakeClock clock_;
  RealFileSystem fs_;
};

TEST_F(WebGuardTest, AsksForNothingWithoutAFile) {
  WebGuard guard("", fs_, clock_);
  ASSERT_TRUE(guard.Load());
  EXPECT_FALSE(guard.Access()->tls);
  EXPECT_TRUE(guard.Access()->config.users.empty());
}

TEST_F(WebGuardTest, NamesTheFileThatIsMissing) {
  WebGuard guard(path_, fs_, clock_);
  const Status status = guard.Load();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message,
              HasSubstr(path_ + ": no such file; name the web configuration"));
}

TEST_F(WebGuardTest, TellsOfACertificateThatHasExpiredOrSoonWill) {
  constexpr long kDay = 24 * 3600;
  const std::time_t now = std::chrono::system_clock::to_time_t(clock_.Wall());
  for (const auto& [from, until, warning] :
       {std::tuple{-30L, -2L, "the certificate has expired on 2027-01-13, 2 days ago"},
        std::tuple{-30L, 13L, "the certificate expires in 13 days, on 2027-01-28"},
        std::tuple{2L, 90L, "the certificate is not valid before 2027-01-17"},
        std::tuple{-30L, 15L, ""}}) {
    const MadeCertificate made = MakeCertificate("mx1.example.com");
    ASN1_TIME_set(X509_getm_notBefore(made.certificate.get()), now + from * kDay);
    ASN1_TIME_set(X509_getm_notAfter(made.certificate.get()), now + until * kDay);
    X509_sign(made.certificate.get(), made.key.get(), EVP_sha256());
    made.Write(folder_ + "/web.crt", folder_ + "/web.key");
    Write("tls_server_config: {cert_file: web.crt, key_file: web.key}\n");
    WebGuard guard(path_, fs_, clock_);
    ASSERT_TRUE(guard.Load());
    const std::string told = guard.CertificateWarning();
    if (*warning == '\0') {
      EXPECT_EQ(told, "");
    } else {
      EXPECT_THAT(told, HasSubstr(folder_ + "/web.crt: " + warning));
    }
  }
}

TEST_F(WebGuardTest, NamesAKeyThatHasAPassphrase) {
  const MadeCertificate made = MakeCertificate("mx1.example.com");
  made.Write(folder_ + "/web.crt", folder_ + "/web.key");
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_file((folder_ + "/web.key").c_str(), "w"), BIO_free);
  unsigned char secret[] = "secret";
  ASSERT_EQ(PEM_write_bio_PrivateKey(bio.get(), made.key.get(), EVP_aes_128_cbc(), secret, 6,
                                     nullptr, nullptr),
            1);
  BIO_flush(bio.get());
  Write("tls_server_config: {cert_file: web.crt, key_file: web.key}\n");
  const Status status = WebGuard(path_, fs_, clock_).Load();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("/web.key: the key has a passphrase"));
}

TEST_F(WebGuardTest, NamesTheCertificateThatIsMissing) {
  Write("tls_server_config: {cert_file: web.crt, key_file: web.key}\n");
  WebGuard guard(path_, fs_, clock_);
  const Status status = guard.Load();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr(folder_ + "/web.crt: no such file"));
}

TEST_F(WebGuardTest, NamesTheTextThatIsNoCertificate) {
  Write("tls_server_config: {cert: nonsense, key: nonsense}\n");
  WebGuard guard(path_, fs_, clock_);
  const Status status = guard.Load();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message,
              AllOf(HasSubstr("tls_server_config.cert: no start line"), HasSubstr("BEGIN CERT")));
}

TEST_F(WebGuardTest, NamesTheKeyThatIsNoneOrOfAnotherCertificate) {
  const MadeCertificate made = MakeCertificate("mx1.example.com");
  const MadeCertificate other = MakeCertificate("mx2.example.com");
  made.Write(folder_ + "/web.crt", folder_ + "/web.key");
  other.Write(folder_ + "/other.crt", folder_ + "/other.key");
  for (const auto& [key, words] : {std::pair{"other.key", "the key of another certificate"},
                                   std::pair{"web.crt", "web.crt: holds no key; PEM is wanted"}}) {
    Write(std::string("tls_server_config: {cert_file: web.crt, key_file: ") + key + "}\n");
    const Status status = WebGuard(path_, fs_, clock_).Load();
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr(words));
  }
}

TEST_F(WebGuardTest, TakesUpAChangeButLooksOnceASecond) {
  Write("");
  WebGuard guard(path_, fs_, clock_);
  ASSERT_TRUE(guard.Load());
  Write(kUser);
  clock_.Advance(std::chrono::milliseconds(999));
  EXPECT_TRUE(guard.Access()->config.users.empty());
  clock_.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(guard.Access()->config.users.size(), 1u);
}

TEST_F(WebGuardTest, KeepsWhatItHasWhenTheNewFileIsBadAndRecovers) {
  Write(kUser);
  WebGuard guard(path_, fs_, clock_);
  ASSERT_TRUE(guard.Load());
  for (const char* bad : {"basic_auth_user: {}\n", "tls_server_config: {cert: a, key: b}\n"}) {
    Write(bad);
    clock_.Advance(std::chrono::seconds(1));
    EXPECT_EQ(guard.Access()->config.users.size(), 1u) << bad;
  }
  std::filesystem::remove(path_);
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(guard.Access()->config.users.size(), 1u) << "a missing file opens nothing";
  Write("");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_TRUE(guard.Access()->config.users.empty());
}

}  // namespace
}  // namespace bouncesight
