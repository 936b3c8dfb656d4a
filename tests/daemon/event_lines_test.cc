#include "daemon/event_lines.h"

#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

struct World {
  explicit World(const std::string& addresses = "hidden")
      : world{[this] { return rules; }, addresses} {
    config.name = "mail>topic";
    auto made = MakeEventStreams(config, world, clock);
    EXPECT_TRUE(made);
    make = std::move(*made);
  }
  std::unique_ptr<LineStream> Open(std::uint64_t offset = 0) {
    return make(offset, [this](std::uint64_t end, std::string json) {
      events.emplace_back(end, std::move(json));
    });
  }

  std::shared_ptr<const RuleSet> rules = SmallRules();
  SourceConfig config;
  FakeClock clock;
  EventWorld world;
  EventStreamMaker make;
  std::vector<std::pair<std::uint64_t, std::string>> events;
};

TEST(EventLines, GiveAnObjectForEachResultWithTheOffsetAfterItsLine) {
  World world;
  const std::string noise = "2026-11-21T17:00:00+00:00 mx1 postfix/qmgr[9]: 1AB: removed\n";
  const auto stream = world.Open(1000);
  stream->Feed(noise + BouncedLine(1) + "begun");
  ASSERT_THAT(world.events, SizeIs(1));
  EXPECT_EQ(world.events[0].first, 1000 + noise.size() + BouncedLine(1).size());
  EXPECT_THAT(world.events[0].second,
              AllOf(HasSubstr("\"source\":\"mail\""), HasSubstr("\"cause\":\"user_unknown\""),
                    HasSubstr("\"time\":\"2026-11-21T17:00:00+00:00\""), testing::EndsWith("}\n")));
  EXPECT_EQ(stream->line_offset(), world.events[0].first);
  EXPECT_EQ(stream->pending_bytes(), 5U);
}

TEST(EventLines, ShowAddressesAsPrivacySays) {
  for (const auto& [addresses, shown] : {std::pair("hidden", false), std::pair("full", true)}) {
    World world(addresses);
    world.Open()->Feed(BouncedLine(1));
    ASSERT_THAT(world.events, SizeIs(1));
    EXPECT_EQ(world.events[0].second.find("user@example.org") != std::string::npos, shown);
    EXPECT_THAT(world.events[0].second, HasSubstr("example.org"));
  }
}

TEST(EventLines, KnowASenderOutOfAnotherLogOfTheSource) {
  World world("full");
  world.Open()->Feed(
      "2026-11-21T16:59:59+00:00 mx1 postfix/qmgr[9]: 100001AB: from=<ann@example.com>, size=9, "
      "nrcpt=1 (queue active)\n");
  world.Open()->Feed(BouncedLine(1));
  ASSERT_THAT(world.events, SizeIs(1));
  EXPECT_THAT(world.events[0].second, HasSubstr("ann@example.com"));
}

TEST(EventLines, ClassifyByTheRulesInForce) {
  World world;
  const auto stream = world.Open();
  stream->Feed(BouncedLine(1));
  world.rules = SmallRules("another-name");
  stream->Feed(BouncedLine(2));
  ASSERT_THAT(world.events, SizeIs(2));
  EXPECT_THAT(world.events[0].second, HasSubstr("\"rule\":\"user-unknown\""));
  EXPECT_THAT(world.events[1].second, HasSubstr("\"rule\":\"another-name\""));
}

TEST(EventLines, TakeALineWithoutANewlineAtTheEndAndNoneThatWasDropped) {
  World world;
  const std::string whole = BouncedLine(1);
  const std::string bare = whole.substr(0, whole.size() - 1);
  world.Open()->Feed(bare);
  const auto ended = world.Open();
  ended->Feed(bare);
  ended->Finish();
  const auto dropped = world.Open();
  dropped->Feed(bare);
  dropped->Restart(5000);
  dropped->Finish();
  ASSERT_THAT(world.events, SizeIs(1));
  EXPECT_EQ(world.events[0].first, bare.size());
}

}  // namespace
}  // namespace bouncesight
