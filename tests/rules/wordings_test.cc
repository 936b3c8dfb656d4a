// Replies in the words of servers of many makes and languages, written down without looking at the
// rules: tests/data/wordings.txt, "CAUSE[,CAUSE…]|REPLY" a line. The first cause is meant, the
// others count as right, too, where the words leave it open. Every one of the causes is there.
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/reason/unfold.h"
#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

struct Wording {
  std::set<std::string> causes;
  std::string first;
  std::string text;
};

// "\n" between the lines of a reply, as logs write it.
std::string WithLineEnds(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;) {
    text.replace(at, 2, "\n");
  }
  return text;
}

std::vector<Wording> Wordings() {
  std::vector<Wording> all;
  std::ifstream file(TEST_DATA "/wordings.txt");
  for (std::string line; std::getline(file, line);) {
    const std::size_t bar = line.find('|');
    if (line.starts_with('#') || bar == std::string::npos) continue;
    Wording one;
    one.text = WithLineEnds(line.substr(bar + 1));
    for (std::size_t at = 0; at < bar;) {
      const std::size_t end = std::min(line.find(',', at), bar);
      one.causes.insert(line.substr(at, end - at));
      if (one.first.empty()) one.first = line.substr(0, end);
      at = end + 1;
    }
    all.push_back(std::move(one));
  }
  return all;
}

TEST(Wordings, AreNamedByTheirCauseAndHardlyEverByAnother) {
  const auto rules = ShippedRules();
  Classifier classifier(rules);
  const std::vector<Wording> all = Wordings();
  ASSERT_GT(all.size(), 1000U);
  std::set<std::string> meant;
  std::size_t wrong = 0;
  std::size_t unknown = 0;
  std::string shown;
  for (const Wording& one : all) {
    meant.insert(one.first);
    const std::string words = Unfold(one.text);
    const Reason reason = ParseReason(words);
    const Verdict verdict =
        classifier.Classify({reason.reply, reason.remote_host, reason.remote_ip, ""});
    const std::string got(rules->cause_name(verdict.cause));
    if (one.causes.contains(got)) continue;
    ++(got == "unclassified" ? unknown : wrong);
    shown.append("\n  ").append(one.first).append(" -> ").append(got).append(": ").append(words);
  }
  EXPECT_EQ(meant.size(), 46U);
  EXPECT_LE(wrong * 100, all.size()) << shown;
  EXPECT_LE(unknown * 100, 2 * all.size()) << shown;
}

}  // namespace
}  // namespace bouncesight
