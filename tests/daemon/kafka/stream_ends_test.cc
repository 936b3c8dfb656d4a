#include "daemon/kafka/stream_ends.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Ranges = std::vector<ByteRange>;

TEST(StreamEnds, LeavesOutWhatWasCounted) {
  StreamEnds ends;
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {100, 300}), ElementsAre(ByteRange{100, 300}));
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {100, 300}), IsEmpty()) << "once more";
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {200, 450}), ElementsAre(ByteRange{300, 450}));
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {450, 500}), ElementsAre(ByteRange{450, 500}));
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {100, 200}), IsEmpty()) << "an old one";
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {500, 500}), IsEmpty()) << "nothing";
}

TEST(StreamEnds, CountsWhatWasMissingWhenItComes) {
  struct Case {
    const char* what;
    Ranges came;
    ByteRange late;
    Ranges fresh;
  };
  const std::vector<Case> cases = {
      {"a record behind the next one", {{0, 100}, {200, 300}}, {100, 200}, {{100, 200}}},
      {"the first one", {{200, 300}}, {0, 200}, {{0, 200}}},
      {"cut otherwise", {{0, 100}, {200, 300}}, {50, 350}, {{100, 200}, {300, 350}}},
      {"a part of it", {{0, 100}, {200, 300}}, {150, 160}, {{150, 160}}},
      {"over two holes", {{0, 1}, {2, 3}, {4, 5}}, {0, 6}, {{1, 2}, {3, 4}, {5, 6}}},
      {"twice", {{0, 100}, {200, 300}, {100, 200}}, {100, 200}, {}},
      {"in two parts", {{0, 100}, {200, 300}, {150, 160}}, {100, 200}, {{100, 150}, {160, 200}}},
  };
  for (const Case& each : cases) {
    StreamEnds ends;
    for (const ByteRange& range : each.came) ends.Take("mx1", "mail/ab/0", range);
    EXPECT_EQ(ends.Take("mx1", "mail/ab/0", each.late), each.fresh) << each.what;
    EXPECT_THAT(ends.Take("mx1", "mail/ab/0", each.late), IsEmpty()) << each.what;
  }
}

TEST(StreamEnds, MissesNothingBeforeWhereReadingBegan) {
  StreamEnds ends;
  ends.Take("mx1", "mail/ab/0", {100, 300}, 100);
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {50, 310}, 50), ElementsAre(ByteRange{300, 310}));
}

TEST(StreamEnds, RemembersTheLastPiecesThatAreMissing) {
  StreamEnds ends;
  for (std::uint64_t i = 0; i <= StreamEnds::kMostMissing; ++i) {
    ends.Take("mx1", "mail/ab/0", {10 * i + 5, 10 * i + 10});
  }
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {0, 5}), IsEmpty());
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {10, 15}), ElementsAre(ByteRange{10, 15}));
}

// Else it would part what is missing in two, and pieces be forgotten for it.
TEST(StreamEnds, LearnsNothingOfARangeWithoutBytes) {
  StreamEnds ends;
  for (std::uint64_t i = 0; i < StreamEnds::kMostMissing; ++i) {
    ends.Take("mx1", "mail/ab/0", {10 * i + 5, 10 * i + 10});
    EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {10 * i + 3, 10 * i + 3}), IsEmpty());
    EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {10 * i + 12, 10 * i + 12}), IsEmpty());
  }
  EXPECT_THAT(ends.Take("mx1", "mail/ab/0", {0, 5}), ElementsAre(ByteRange{0, 5}));
}

TEST(StreamEnds, KeepsHostsSourcesAndLogsApart) {
  StreamEnds ends;
  for (const char* stream : {"mail/ab/0", "mail/ab/1", "mail/cd/0", "other/ab/0"}) {
    EXPECT_THAT(ends.Take("mx1", stream, {0, 9}), ElementsAre(ByteRange{0, 9})) << stream;
    EXPECT_THAT(ends.Take("mx2", stream, {0, 9}), ElementsAre(ByteRange{0, 9})) << stream;
    EXPECT_THAT(ends.Take("mx1", stream, {0, 9}), IsEmpty()) << stream;
  }
}

std::string Written(const StreamEnds& ends) {
  ByteWriter out;
  ends.Write(out);
  return out.Take();
}

TEST(StreamEnds, ComesBackFromTheState) {
  StreamEnds ends;
  ends.Take("mx1", "mail/ab/0", {0, 300});
  ends.Take("mx2", "mail/cd/0", {0, 5'000'000'000});
  for (const bool missing : {false, true}) {
    if (missing) ends.Take("mx2", "mail/ef/0", {20, 30});
    const std::string bytes = Written(ends);
    StreamEnds restored;
    ByteReader in(bytes);
    restored.Read(in);
    EXPECT_TRUE(in.ok() && in.at_end());
    EXPECT_EQ(Written(restored), bytes);
    EXPECT_EQ(restored.size(), missing ? 3u : 2u);
    EXPECT_THAT(restored.Take("mx1", "mail/ab/0", {200, 400}), ElementsAre(ByteRange{300, 400}));
    EXPECT_THAT(restored.Take("mx2", "mail/cd/0", {0, 5'000'000'000}), IsEmpty());
    EXPECT_THAT(restored.Take("mx2", "mail/ef/0", {0, 30}),
                ElementsAre(ByteRange{0, missing ? 20u : 30u}));
  }
}

TEST(StreamEnds, IsAsItWasAfterATornState) {
  StreamEnds ends;
  ends.Take("mx1", "mail/ab/0", {0, 300});
  const std::size_t whole = Written(ends).size();
  ends.Take("mx1", "mail/ab/0", {400, 500});
  const std::string bytes = Written(ends);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    StreamEnds other;
    other.Take("mx9", "mail/ab/0", {0, 7});
    ByteReader in(std::string_view(bytes).substr(0, size));
    other.Read(in);
    if (size == whole) continue;  // as an earlier version would have written it
    EXPECT_FALSE(in.ok()) << size;
    EXPECT_THAT(other.Take("mx9", "mail/ab/0", {0, 7}), IsEmpty()) << size;
  }
}

TEST(StreamEnds, ForgetsAStreamLongAfterItWasHeard) {
  StreamEnds ends;
  ends.Take("mx1", "mail/old/0", {0, 100});
  ends.Take("mx1", "mail/new/0", {0, StreamEnds::kForgetAfter});
  ends.Take("mx1", "mail/third/0", {0, 100});
  EXPECT_EQ(ends.size(), 3u) << "not yet";
  ends.Take("mx1", "mail/fourth/0", {0, 100});
  EXPECT_EQ(ends.size(), 3u);
  EXPECT_THAT(ends.Take("mx1", "mail/new/0", {0, 100}), IsEmpty());
}

TEST(StreamEnds, IsBounded) {
  StreamEnds ends;
  for (std::size_t i = 0; i < 2 * StreamEnds::kMostStreams; ++i) {
    ends.Take("mx1", "mail/" + std::to_string(i) + "/0", {0, 1});
  }
  EXPECT_EQ(ends.size(), StreamEnds::kMostStreams);
  ends.Take("mx1", "mail/live/0", {0, 5});
  for (std::size_t i = 0; i < 2 * StreamEnds::kMostOrigins; ++i) {
    ends.Take("host" + std::to_string(i), "mail/ab/0", {0, 1});
    ends.Take("mx1", "mail/live/0", {i, i + 1});
  }
  EXPECT_EQ(ends.size(), StreamEnds::kMostStreams + StreamEnds::kMostOrigins - 1);
}

}  // namespace
}  // namespace bouncesight
