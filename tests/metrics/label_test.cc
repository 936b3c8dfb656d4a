#include "metrics/label.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(DomainLabel, GivesDomainsOneSpellingAndJunkOneName) {
  const struct {
    std::string in, out;
  } cases[] = {
      {"example.com", "example.com"},
      {"EXAMPLE.Com", "example.com"},
      {"example.com.", "example.com"},
      {"", ""},
      {"localhost", "localhost"},
      {"mail_1.example.com", "mail_1.example.com"},
      {"b\xc3\xbc"
       "cher.example",
       "xn--bcher-kva.example"},
      {"\xe4\xbe\x8b\xe5\xad\x90.example", "xn--fsqu00a.example"},
      {"XN--FSQU00A.example", "xn--fsqu00a.example"},
      {"other", "invalid"},
      {".", "invalid"},
      {"a..example", "invalid"},
      {".example", "invalid"},
      {"[192.0.2.1]", "invalid"},
      {"exam ple.com", "invalid"},
      {"a\"b.example", "invalid"},
      {"a\nb.example", "invalid"},
      {std::string("a\0b.example", 11), "invalid"},
      {"\xff\xfe.example", "invalid"},
      {"\xed\xa0\x80.example", "invalid"},
      {std::string(64, 'a') + ".example", "invalid"},
      {std::string(63, 'a') + ".example", std::string(63, 'a') + ".example"},
      {std::string(300, 'a'), "invalid"},
  };
  for (const auto& one : cases) EXPECT_EQ(DomainLabel(one.in), one.out) << one.in;
}

TEST(NameLabel, ReplacesWhatIsOutOfTheAlphabet) {
  EXPECT_EQ(NameLabel("postfix-out/2"), "postfix-out/2");
  EXPECT_EQ(NameLabel("a b\"c\\d\ne\xc3\xbc"), "a_b_c_d_e__");
  EXPECT_EQ(NameLabel(std::string(500, 'x')).size(), 128U);
}

TEST(AddressLabel, TakesAddressesOnly) {
  EXPECT_EQ(AddressLabel("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(AddressLabel("2001:DB8::1"), "2001:db8::1");
  EXPECT_EQ(AddressLabel(""), "");
  EXPECT_EQ(AddressLabel("mx.example.com"), "invalid");
  EXPECT_EQ(AddressLabel("feed"), "invalid");
  EXPECT_EQ(AddressLabel("192.0.2.1 "), "invalid");
}

TEST(Labels, T34AreInertWhateverTheBytes) {
  std::mt19937 random(34);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    ASSERT_TRUE(IsLabel(DomainLabel(bytes)));
    ASSERT_TRUE(IsLabel(NameLabel(bytes)));
    ASSERT_TRUE(IsLabel(AddressLabel(bytes)));
    ASSERT_EQ(DomainLabel(DomainLabel(bytes)), DomainLabel(bytes));
  }
}

}  // namespace
}  // namespace bouncesight
