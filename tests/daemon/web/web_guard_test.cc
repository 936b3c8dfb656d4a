#include "daemon/web/web_guard.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

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
  EXPECT_THAT(status.error().message, HasSubstr("tls_server_config.cert: no start line"));
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
