#include "rules/pattern_span.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/rules/hyperscan_span.h"

namespace bouncesight {
namespace {

const std::vector<std::string> kExpressions = {
    "no such user",
    "NO SUCH",
    "\\bno\\b",
    "\\bsuch",
    "user\\b",
    "\\.\\bu",
    "5\\.1\\.1",
    "a\\-b",
    "x_y",
    "\\b_y",
    "\xe7\x97\x85",
    "\xc3\xa4\\b",
    "\\b<no",
    "such  user",
    "\\bno\\b ",
    "u\\\\ser",
    "user\\$",
    "\\[user\\]",
    "no such user$",
    "^no",
    "us.r",
    "users?",
    "{2}",
    "user\\d",
    "\\(no\\)",
    "a#b",
    "no\\B",
    "\\buser\\b",
    "@",
    "(user|mailbox|) .*(full|over)$",
    "^(no )?(such|nosuch).*",
    "n(o|o such)( user)?",
    "u(s|se|ser){1,3}",
    "[^ ]+ user|such",
    "\\w+\\s\\w*",
    "(no|such|user)+x?",
};
const std::vector<std::string> kTexts = {
    "",
    "no such user",
    "xno nope NO Such USER",
    "unknown no",
    "no_ no- No",
    "5.1.1 501x1",
    "a-b X_Y y_y _y",
    "\xe7\x97\x85 \xc3\xa4z \xc3\xa4",
    "<no>(no)[user] user$ u\\ser a#b",
    "nosuch\nsuch  user\nno such\nuser",
    "@",
    "user5 users user",
    std::string("no\0user", 7),
};

TEST(PatternSpan, IsThatOfHyperscan) {
  for (const std::string& expression : kExpressions) {
    for (const std::string& text : kTexts) {
      EXPECT_EQ(FindSpan(expression, text), HyperscanSpan(expression, text))
          << expression << " in " << text;
    }
  }
}

TEST(PatternSpan, IsThatOfHyperscanInTextsMadeByChance) {
  std::mt19937 random(19);
  constexpr std::string_view kBytes = "aAb_ .\n\xc3";
  const auto any = [&](unsigned most, std::string_view bytes) {
    std::string made(random() % most + 1, ' ');
    for (char& c : made) c = bytes[random() % bytes.size()];
    return made;
  };
  for (int round = 0; round < 40; ++round) {
    std::string expression = any(3, "aAb_ \xc3");
    if (random() % 2 != 0) expression.insert(0, "\\b");
    if (random() % 2 != 0) expression += "\\b";
    for (int i = 0; i < 5; ++i) {
      const std::string text = any(30, kBytes);
      EXPECT_EQ(FindSpan(expression, text), HyperscanSpan(expression, text))
          << expression << " in " << text;
    }
  }
}

}  // namespace
}  // namespace bouncesight
