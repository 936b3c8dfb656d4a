#include "daemon/batch/explainer.h"

#include <gtest/gtest.h>

#include "rules/rule_set.h"

namespace bouncesight {
namespace {

ExplainedText Explain(std::string_view text) {
  static const Result<std::shared_ptr<const RuleSet>> rules = RuleSet::Load(EmbeddedSources());
  EXPECT_TRUE(rules.has_value());
  Explainer explainer(*rules);
  return explainer.Explain(text);
}

TEST(Explainer, JoinsTheLinesOfAReplyThatWereWrittenAsEscapes) {
  const ExplainedText explained = Explain(
      R"(The message to ann@example.com is bounced because :\n550-5.1.1 no such\n550 5.1.1 user)");
  EXPECT_EQ(explained.code, 550);
  EXPECT_EQ(explained.enhanced_code, "5.1.1");
  EXPECT_EQ(explained.recipient, "ann@example.com");
  EXPECT_EQ(explained.reply, "550-5.1.1 no such 550 5.1.1 user");
}

TEST(Explainer, ReadsALogLineWithTheParserOfItsFormat) {
  const ExplainedText explained = Explain(
      "2026-03-04 05:06:07 1vQr5t-0001bo-D3 ** ann@example.com R=r T=t H=mx.example.com "
      R"([192.0.2.9]: SMTP error from remote mail server after RCPT TO:<ann@example.com>: 550 5.1.1 no\n)");
  EXPECT_EQ(explained.code, 550);
  EXPECT_EQ(explained.phase, "rcpt");
  EXPECT_EQ(explained.outcome_hint, "bounced");
  EXPECT_EQ(explained.remote, "mx.example.com");
}

}  // namespace
}  // namespace bouncesight
