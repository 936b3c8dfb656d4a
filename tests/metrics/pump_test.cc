#include "metrics/pump.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "rules/rule_set.h"
#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

constexpr std::string_view kLog =
    "Jan  2 03:04:05 mx postfix/smtp[1]: 3xYzAb: to=<ann@example.com>, relay=mx.example.com"
    "[192.0.2.1]:25, delay=1.5, delays=0.1/0/0.4/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n"
    "Jan  2 03:04:06 mx postfix/smtp[1]: 3xYzAc: to=<bob@example.net>, relay=mx.example.net"
    "[192.0.2.2]:25, delay=2, delays=0.1/0/0.9/1, dsn=5.1.1, status=bounced (host mx.example.net"
    "[192.0.2.2] said: 550 5.1.1 <bob@example.net>: User unknown (in reply to RCPT TO command))\n"
    "Jan  2 03:04:07 mx sshd[7]: Connection closed by 192.0.2.9\n"
    "\n"
    "Jan  2 03:04:08 mx postfix/smtp[1]: 3xYzAd: to=<eve@example.org>, relay=mx.example.org"
    "[192.0.2.3]:25, delay=9, delays=0.1/0/8/0.9, dsn=4.2.2, status=deferred (host mx.example.org"
    "[192.0.2.3] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command))\n"
    "Jan  2 03:04:09 mx postfix/qmgr[2]: 3xYzAd: from=<a@example.com>, status=expired, returned to "
    "sender\n";

std::shared_ptr<const RuleSet> Rules() {
  constexpr std::string_view kText =
      "rules:\n"
      "  - {id: unknown-user, cause: user_unknown, match: user unknown, examples: [550 user "
      "unknown]}\n"
      "  - {id: full, cause: mailbox_full, match: mailbox full, examples: [452 mailbox full]}\n";
  static const auto rules = RuleSet::Load({{{"test.yaml", kText}}, {}, {}});
  return rules.value();
}

struct Watcher : NullObserver {
  void OnEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info) {
    seen.push_back(std::to_string(info.number) + " " + std::string(OutcomeName(event.outcome)) +
                   " " + std::to_string(static_cast<int>(verdict.cause)));
    source = info.source;
  }
  void OnSkip(SkipReason reason, const LineInfo& info) {
    seen.push_back(std::to_string(info.number) + " " + std::string(SkipReasonName(reason)));
  }
  std::vector<std::string> seen;
  std::string source;
};

class PumpTest : public testing::Test {
 protected:
  std::shared_ptr<const RuleSet> rules_ = Rules();
  Classifier classifier_{rules_};
  MessageJoin join_;
  Tally tally_{NamesOf(*rules_)};
  CountingContext counting_{classifier_, join_, tally_};
  Watcher watcher_;
};

std::string Number(CauseId cause) { return std::to_string(static_cast<int>(cause)); }

TEST_F(PumpTest, ShowsEachLineOnceWithItsNumberAndVerdict) {
  Pump pump("mail");
  pump.Feed(kLog, counting_, watcher_);
  pump.Finish(counting_, watcher_);
  const std::vector<std::string> expected = {
      "1 delivered 0",
      "2 bounced " + Number(CauseId::kUserUnknown),
      "3 foreign",
      "4 empty",
      "5 deferred " + Number(CauseId::kMailboxFull),
      "6 expired " + Number(CauseId::kMailboxFull),
  };
  EXPECT_EQ(watcher_.seen, expected);
  EXPECT_EQ(watcher_.source, "mail");
  EXPECT_EQ(pump.lines(), 6U);
  EXPECT_EQ(pump.line_offset(), kLog.size());
}

TEST_F(PumpTest, CountsEachLineAndByteOnceHoweverTheStreamIsCut) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Tally tally(NamesOf(*rules_));
    const CountingContext counting{classifier_, join_, tally};
    Pump pump("mail");
    std::string_view rest = kLog;
    while (!rest.empty()) {
      const std::size_t size = std::min<std::size_t>(random() % 100 + 1, rest.size());
      pump.Feed(rest.substr(0, size), counting);
      rest.remove_prefix(size);
    }
    const SourceTally& source = tally.sources().at(0);
    ASSERT_EQ(source.counted, 4U);
    ASSERT_EQ(source.skipped[static_cast<std::size_t>(SkipReason::kForeign)], 1U);
    ASSERT_EQ(source.skipped[static_cast<std::size_t>(SkipReason::kEmpty)], 1U);
    ASSERT_EQ(source.bytes, kLog.size());
  }
}

TEST_F(PumpTest, LeavesTheUnfinishedLineToTheNextStart) {
  const std::string_view cut = kLog.substr(0, kLog.find('\n') + 50);
  Pump pump("mail");
  pump.Feed(cut, counting_);
  EXPECT_EQ(tally_.sources().at(0).bytes, pump.line_offset());
  EXPECT_EQ(pump.pending_bytes(), 49U);
  Pump again("mail", Format::kAuto, pump.line_offset(), pump.lines());
  again.Feed(kLog.substr(pump.line_offset()), counting_, watcher_);
  EXPECT_EQ(watcher_.seen.front(), "2 bounced " + Number(CauseId::kUserUnknown));
  EXPECT_EQ(tally_.sources().at(0).bytes, kLog.size());
  EXPECT_EQ(tally_.sources().at(0).counted, 4U);
}

TEST_F(PumpTest, ALineOfSeveralRecipientsIsOneLineAndAResultOfEach) {
  constexpr std::string_view kLine =
      "Mar  4 05:06:07 mx sm-mta[7]: u2456789012345: to=<a@example.com>,<b@example.net>,"
      "<c@example.org>, delay=00:00:03, relay=mx.example.com. [192.0.2.9], dsn=5.1.1, stat=User "
      "unknown\n";
  Pump pump("mail");
  pump.Feed(kLine, counting_, watcher_);
  const std::string bounce = "1 bounced " + Number(CauseId::kUserUnknown);
  EXPECT_EQ(watcher_.seen, (std::vector<std::string>{bounce, bounce, bounce}));
  const SourceTally& source = tally_.sources().at(0);
  EXPECT_EQ(source.counted, 1U);
  EXPECT_EQ(source.instances.at(0).deliveries[static_cast<std::size_t>(Outcome::kBounced)], 3U);
  EXPECT_EQ(tally_.domains().size(), 4U) << "and other";
}

TEST_F(PumpTest, AnExpiryKnowsTheReasonThatTheObserverDidNotWant) {
  struct Late : Watcher {
    bool Wants(const DeliveryEvent& event, const LineInfo&) {
      return event.outcome == Outcome::kExpired;
    }
  };
  Late late;
  Pump pump("mail");
  pump.Feed(kLog, counting_, late);
  EXPECT_EQ(late.seen.back(), "6 expired " + Number(CauseId::kMailboxFull));
  EXPECT_EQ(tally_.sources().at(0).excluded, 3U);
  EXPECT_EQ(tally_.sources().at(0).counted, 1U);
}

TEST_F(PumpTest, DoesNotCountWhatTheObserverDoesNotWant) {
  struct Picky : NullObserver {
    bool Wants(const DeliveryEvent& event, const LineInfo&) {
      return event.outcome != Outcome::kDelivered;
    }
  };
  Pump pump("mail");
  pump.Feed(kLog, counting_, Picky{});
  const SourceTally& source = tally_.sources().at(0);
  EXPECT_EQ(source.counted, 3U);
  EXPECT_EQ(source.excluded, 1U);
  EXPECT_EQ(source.instances.at(0).deliveries[0], 0U);
}

TEST_F(PumpTest, CountsAnOversizeLineOnceAndSaysSo) {
  Pump pump("mail");
  pump.Feed(std::string(200000, 'x') + "\n" + std::string(kLog), counting_);
  const SourceTally& source = tally_.sources().at(0);
  EXPECT_EQ(source.truncated, 1U);
  EXPECT_EQ(source.skipped[static_cast<std::size_t>(SkipReason::kUnknownFormat)], 1U);
  EXPECT_EQ(source.counted, 4U);
}

TEST_F(PumpTest, DoesNotAllocateForLinesItHasSeenTheLikeOf) {
  Pump pump("mail");
  for (int i = 0; i < 3; ++i) pump.Feed(kLog, counting_);
  const std::size_t before = Allocations();
  for (int i = 0; i < 100; ++i) pump.Feed(kLog, counting_);
  EXPECT_EQ(Allocations(), before);
}

// Each piece lies in memory of its own, which is overwritten and given back before the next one
// comes, as a reader's buffer is: under the address sanitizer, whoever looks back is found at once;
// without it, what he sees is no part of a log.
void FeedPoisoned(Pump& pump, std::string_view bytes, CountingContext& counting, Watcher& watcher) {
  auto piece = std::make_unique<char[]>(bytes.size());
  bytes.copy(piece.get(), bytes.size());
  pump.Feed({piece.get(), bytes.size()}, counting, watcher);
  std::fill_n(piece.get(), bytes.size(), '\xdd');
}

// Every form of a line that the fuzz targets begin with, and those of the test data.
std::string EveryForm() {
  std::string text(kLog);
  const auto append = [&](const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    text.append(std::istreambuf_iterator<char>(file), {});
    text += '\n';
  };
  std::set<std::filesystem::path> paths = {TEST_DATA "/sample-mail.log"};
  for (const char* target : {"parsers_formats", "parsers_format_reader", "parsers_reason"}) {
    const std::string folder = std::string(SOURCE_DIR) + "/tests/fuzz/corpus/" + target;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.insert(entry);
  }
  std::ranges::for_each(paths, append);
  return text;
}

TEST_F(PumpTest, LooksBackAtNoPieceThatIsGone) {
  const std::string text = EveryForm();
  Pump whole("mail");
  whole.Feed(text, counting_, watcher_);
  whole.Finish(counting_, watcher_);
  const Watcher expected = std::exchange(watcher_, {});
  ASSERT_GT(expected.seen.size(), 500U);
  std::mt19937 random(1);
  for (const std::size_t most : {std::size_t{1}, std::size_t{40}, std::size_t{500}}) {
    MessageJoin join;
    Tally tally(NamesOf(*rules_));
    Classifier classifier(rules_);
    CountingContext counting{classifier, join, tally};
    Watcher watcher;
    Pump pump("mail");
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t size = std::min(rest.size(), random() % most + 1);
      FeedPoisoned(pump, rest.substr(0, size), counting, watcher);
      rest.remove_prefix(size);
    }
    pump.Finish(counting, watcher);
    EXPECT_EQ(watcher.seen, expected.seen) << most;
  }
  // A line at a time, so that what is kept from line to line is found.
  MessageJoin join;
  Tally tally(NamesOf(*rules_));
  CountingContext counting{classifier_, join, tally};
  Watcher watcher;
  Pump pump("mail");
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t size = std::min(rest.find('\n'), rest.size() - 1) + 1;
    FeedPoisoned(pump, rest.substr(0, size), counting, watcher);
    rest.remove_prefix(size);
  }
  pump.Finish(counting, watcher);
  EXPECT_EQ(watcher.seen, expected.seen);
}

}  // namespace
}  // namespace bouncesight
