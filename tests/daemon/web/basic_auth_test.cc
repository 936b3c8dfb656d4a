#include "daemon/web/basic_auth.h"

#include <crypt.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace bouncesight {
namespace {

std::string Hash(const std::string& password) {
  crypt_data data{};
  return ::crypt_r(password.c_str(), "$2b$04$abcdefghijklmnopqrstuu", &data);
}

std::string Header(const std::string& credentials) {
  std::string out(credentials.size() * 2 + 8, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(credentials.data()),
                                   static_cast<int>(credentials.size()));
  out.resize(static_cast<std::size_t>(size));
  return "Basic " + out;
}

const BasicAuth::Users kUsers = {{"prometheus", Hash("let me in")}, {"other", Hash("me too")}};

TEST(BasicAuth, LetsInWhoKnowsThePassword) {
  BasicAuth auth;
  EXPECT_TRUE(auth.Check(kUsers, Header("prometheus:let me in")));
  EXPECT_TRUE(auth.Check(kUsers, Header("other:me too")));
  const std::string lower = "basic " + Header("other:me too").substr(6);
  EXPECT_TRUE(auth.Check(kUsers, lower));
}

TEST(BasicAuth, KeepsEverybodyElseOut) {
  BasicAuth auth;
  const std::string nul("prometheus:let me in\0x", 22);
  for (const std::string& header :
       {std::string(), std::string("Basic"), std::string("Basic "), std::string("Basic ===="),
        std::string("Basic !!!!"), std::string("Bearer abcd"), Header("prometheus"), Header(":"),
        Header("prometheus:"), Header("prometheus:let me out"), Header("other:let me in"),
        Header("nobody:let me in"), Header(nul), Header("prometheus:" + std::string(2000, 'x'))}) {
    EXPECT_FALSE(auth.Check(kUsers, header)) << header;
    EXPECT_FALSE(auth.Check(kUsers, header)) << header << ", remembered";
  }
}

TEST(BasicAuth, RemembersWhatItFound) {
  BasicAuth auth;
  const std::string good = Header("prometheus:let me in"), bad = Header("prometheus:let me out");
  EXPECT_EQ(auth.Recall(kUsers, good), std::nullopt);
  auth.Check(kUsers, good);
  auth.Check(kUsers, bad);
  EXPECT_EQ(auth.Recall(kUsers, good), true);
  EXPECT_EQ(auth.Recall(kUsers, bad), false);
}

TEST(BasicAuth, ForgetsAPasswordThatWasChanged) {
  BasicAuth auth;
  const std::string old = Header("prometheus:let me in");
  ASSERT_TRUE(auth.Check(kUsers, old));
  const BasicAuth::Users changed = {{"prometheus", Hash("something else")}};
  EXPECT_EQ(auth.Recall(changed, old), std::nullopt);
  EXPECT_FALSE(auth.Check(changed, old));
}

TEST(BasicAuth, IsNotMadeToForgetAScraperByBadGuesses) {
  BasicAuth auth;
  const std::string good = Header("prometheus:let me in");
  ASSERT_TRUE(auth.Check(kUsers, good));
  for (int i = 0; i < 200; ++i) auth.Check(kUsers, Header("prometheus:" + std::to_string(i)));
  EXPECT_EQ(auth.Recall(kUsers, good), true);
}

TEST(BasicAuth, AsksNobodyWhereThereAreNoUsers) {
  BasicAuth auth;
  EXPECT_EQ(auth.Recall({}, ""), true);
}

}  // namespace
}  // namespace bouncesight
