#include "daemon/config/default_sources.h"

#include <cerrno>

#include <gmock/gmock.h>

#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::SizeIs;

TEST(DefaultSources, AreTheLogsThatAreThere) {
  MemoryFs fs;
  fs.Append("/var/log/mail.log", "x");
  fs.Append("/var/log/exim4/mainlog", "x");
  fs.Append("/var/log/journal/0123/system.journal", "x");
  const auto sources = DefaultSources(fs);
  ASSERT_THAT(sources, SizeIs(2));
  EXPECT_THAT(sources[0].paths, ElementsAre("/var/log/mail.log"));
  EXPECT_THAT(sources[1].paths, ElementsAre("/var/log/exim4/mainlog"));
}

TEST(DefaultSources, AreTheJournalsMailWhereThereIsNoLog) {
  MemoryFs fs;
  fs.Append("/run/log/journal/0123/system.journal", "x");
  for (const bool readable : {true, false}) {
    if (!readable) {
      fs.fault = [](const std::string& call, const std::string&) {
        return call == "open" ? -EACCES : 0;
      };
    }
    const auto sources = DefaultSources(fs);
    ASSERT_THAT(sources, SizeIs(1));
    EXPECT_EQ(sources[0].name, "journal");
    EXPECT_EQ(sources[0].type, SourceType::kJournal);
    EXPECT_EQ(sources[0].directory, "");
    EXPECT_THAT(sources[0].identifiers, Contains("postfix*"));
  }
}

TEST(DefaultSources, AreTheJournalsMailWhereTheLogIsLeftOver) {
  constexpr std::uint64_t kHourUs = 3'600'000'000;
  MemoryFs fs;
  fs.Append("/var/log/mail.log", "x");
  FileInfo info;
  ASSERT_EQ(fs.Stat("/var/log/mail.log", info), 0);
  const auto written_us = static_cast<std::uint64_t>(info.modified_ns / 1000);
  for (const std::uint64_t hours : {0, 23, 25, 80}) {
    std::string note;
    const auto sources = DefaultSources(
        fs, [&](const auto&) { return std::optional(written_us + hours * kHourUs + 1); }, &note);
    ASSERT_THAT(sources, SizeIs(1));
    EXPECT_EQ(sources[0].name, hours > 24 ? "journal" : "mail");
    EXPECT_EQ(note.empty(), hours <= 24) << note;
  }
  const auto without = [](const auto&) { return std::optional<std::uint64_t>(); };
  EXPECT_EQ(DefaultSources(fs, without).front().name, "mail");
}

// The source says what is wrong with it.
TEST(DefaultSources, AreTheJournalsMailWhereAnotherMachinesIsMounted) {
  MemoryFs fs;
  fs.Append("/var/log/journal/" + std::string(32, 'a') + "/system.journal", "x");
  fs.Append("/etc/machine-id", std::string(32, 'b') + "\n");
  EXPECT_EQ(DefaultSources(fs).front().type, SourceType::kJournal);
}

TEST(DefaultSources, AreLogsToWaitForWhereThereIsNothing) {
  MemoryFs fs;
  const auto sources = DefaultSources(fs);
  ASSERT_THAT(sources, SizeIs(2));
  EXPECT_EQ(sources[0].type, SourceType::kFile);
}

TEST(DefaultSources, ReadTheirLinesAsTheConfigurationSays) {
  MemoryFs fs;
  Config config;
  config.internal_relays = {};
  AddDefaultSources(fs, config);
  ASSERT_THAT(config.sources, SizeIs(2));
  EXPECT_TRUE(config.sources[1].lines.internal_relays.empty());
  config.sources.pop_back();
  AddDefaultSources(fs, config);
  EXPECT_THAT(config.sources, SizeIs(1)) << "what somebody wrote down stays";
}

}  // namespace
}  // namespace bouncesight
