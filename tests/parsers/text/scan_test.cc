#include "parsers/text/scan.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

TEST(Scan, FindsTheAngleThatClosesAnAddress) {
  EXPECT_EQ(ClosingAngle("<a@example.com> <b>"), 14U);
  EXPECT_EQ(ClosingAngle("<\"a > b\"@example.com>"), 20U);
  EXPECT_EQ(ClosingAngle("<\"a\\\" > b\"@example.com>"), 22U);
  EXPECT_EQ(ClosingAngle("<o\"neil@example.com>"), 19U) << "an odd quote quotes nothing";
  EXPECT_EQ(ClosingAngle("<a@example.com"), kNone);
  EXPECT_EQ(ClosingAngle("<"), kNone);
}

TEST(Scan, FindsTheQuoteThatClosesAString) {
  EXPECT_EQ(ClosingQuote(R"("a\"b\\" "c")"), 7U);
  EXPECT_EQ(ClosingQuote("\"a\\"), kNone);
}

// As the plainest loop does: of texts around the steps of sixteen, with each place for the needle.
TEST(Scan, FindsWordsOfEitherCaseWhereverTheyStand) {
  const auto naive = [](std::string_view text, std::string_view needle) {
    for (std::size_t at = 0; at + needle.size() <= text.size(); ++at) {
      if (SameNoCase(text.substr(at, needle.size()), needle)) return at;
    }
    return kNone;
  };
  const std::string_view needles[] = {"x", "Said:", "a-A", "returned to sender '", "\xE9\x80\x80"};
  for (const std::string_view needle : needles) {
    std::string upper(needle);
    for (char& c : upper) c = IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    for (std::size_t size = 0; size < 50; ++size) {
      for (const char filling : {' ', needle.front(), needle.back(), '\x1A'}) {
        const std::string without(size, filling);
        EXPECT_EQ(FindNoCase(without, needle), naive(without, needle)) << size << needle;
        for (std::size_t at = 0; at + needle.size() <= size; ++at) {
          std::string text = without;
          text.replace(at, needle.size(), upper);
          ASSERT_EQ(FindNoCase(text, needle), naive(text, needle)) << text << " " << needle;
        }
      }
    }
  }
}

TEST(Scan, TellsLettersFromTheBytesThatLieACaseApart) {
  EXPECT_EQ(FindNoCase("........@......................", "`"), kNone);
  EXPECT_EQ(FindNoCase("........\x1A......................", ":"), kNone);
  EXPECT_EQ(FindNoCase("", "said"), kNone);
}

TEST(Scan, ReadsDurations) {
  EXPECT_DOUBLE_EQ(ParseDuration("1w2d3h4m5s"), 788645);
  EXPECT_DOUBLE_EQ(ParseDuration("0.25s"), 0.25);
  for (const std::string_view text : {"5", "s", "1x", "1h2", "-1s", "1.5"}) {
    EXPECT_EQ(ParseDuration(text), -1) << text;
  }
}

TEST(Scan, BoundsNumbers) {
  std::string_view text = "99999999999999999999999 x";
  EXPECT_EQ(TakeNumber(text, 65535), 65535U);
  EXPECT_EQ(text, " x");
  EXPECT_EQ(TakeNumber(text), 0U);
}

TEST(Scan, CountsALetter) {
  EXPECT_EQ(CountOf("", '\n'), 0U);
  EXPECT_EQ(CountOf("a", '\n'), 0U);
  EXPECT_EQ(CountOf("\n\na\nb", '\n'), 3U);
  EXPECT_EQ(CountOf("a\n", '\n'), 1U);
}

TEST(Scan, TellsAddressesFromNames) {
  for (const std::string_view text : {"192.0.2.1", "2001:db8::1", "::1", "::ffff:192.0.2.1"}) {
    EXPECT_TRUE(LooksLikeIp(text)) << text;
  }
  for (const std::string_view text : {"", "192.0.2", "cafe", "mx.example.com", "12:30", "1.2.3."}) {
    EXPECT_FALSE(LooksLikeIp(text)) << text;
  }
}

TEST(Scan, TakesWhatStandsBeforeAMark) {
  std::string_view text = "a: b: c";
  EXPECT_EQ(TakeBefore(text, ": "), "a");
  EXPECT_EQ(TakeBefore(text, ": "), "b");
  EXPECT_EQ(TakeBefore(text, ": "), "c");
  EXPECT_EQ(TakeBefore(text, ": "), "");
}

TEST(Scan, IgnoresTheCaseOfAsciiLetters) {
  std::string_view text = "CONNECT to";
  EXPECT_TRUE(ConsumeNoCase(text, "connect "));
  EXPECT_EQ(text, "to");
  EXPECT_FALSE(ConsumeNoCase(text, "top"));
}

TEST(Scan, TakesAddressesOffAList) {
  const struct {
    std::string_view list;
    std::vector<std::string_view> wanted;
  } kCases[] = {
      {"<a@example.com>", {"a@example.com"}},
      {"<a@example.com>,<b@example.com>", {"a@example.com", "b@example.com"}},
      {"a@example.com,b@example.com", {"a@example.com", "b@example.com"}},
      {"a@example.com, <b@example.com>", {"a@example.com", "b@example.com"}},
      {"<\"x, y\"@example.com>,<b@example.com>", {"\"x, y\"@example.com", "b@example.com"}},
      {"\"|/bin/vacation a, b\",<b@example.com>", {"\"|/bin/vacation a, b\"", "b@example.com"}},
      {"<a@example.com", {"<a@example.com"}},
      {"<>,<b@example.com>", {"", "b@example.com"}},
  };
  for (const auto& one : kCases) {
    std::string_view rest = one.list;
    std::vector<std::string_view> taken;
    while (!rest.empty()) taken.push_back(TakeListedAddress(rest));
    EXPECT_EQ(taken, one.wanted) << one.list;
  }
}

TEST(Scan, AListOfOpenQuotesIsReadInLinearTime) {
  std::string list;
  while (list.size() < 1'000'000) list += "<\\\">,";  // each looks for its end in vain
  std::string_view rest = list;
  std::size_t taken = 0;
  for (; !rest.empty(); ++taken) TakeListedAddress(rest);
  EXPECT_GE(taken, 1000U);
}

}  // namespace
}  // namespace bouncesight
