// rules/RULES.md is a promise: its example works as it says, and it names every cause.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "rules/rule_check.h"
#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

std::string RulesPage() {
  std::ifstream in(SOURCE_DIR "/rules/RULES.md");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(RulesPage, GivesAnExampleThatWorks) {
  const std::string page = RulesPage();
  const std::size_t start = page.find("```yaml\n");
  ASSERT_NE(start, std::string::npos);
  const std::string yaml = page.substr(start + 8, page.find("```\n", start + 8) - start - 8);
  RuleSources sources = EmbeddedSources();
  sources.operator_files.push_back({"mine.yaml", yaml});
  const auto rules = RuleSet::Load(sources);
  ASSERT_TRUE(rules.has_value()) << rules.error().message;
  Classifier classifier(*rules);
  EXPECT_EQ(WinnerOf(classifier, "550 5.7.1 Mailbox parked for review [ZX-17]"), "mine-parked");
  EXPECT_NE(WinnerOf(classifier, "550 5.7.1 Message parked for review"), "mine-parked");
}

TEST(RulesPage, NamesEveryCause) {
  const std::string page = RulesPage();
  for (std::size_t i = 0; i < kBuiltinCauseCount; ++i) {
    const CauseInfo& cause = BuiltinCause(static_cast<CauseId>(i));
    EXPECT_NE(page.find(cause.name), std::string::npos) << cause.name;
    EXPECT_EQ(FindBuiltinCause(cause.name), static_cast<CauseId>(i)) << cause.name;
  }
}

}  // namespace
}  // namespace bouncesight
