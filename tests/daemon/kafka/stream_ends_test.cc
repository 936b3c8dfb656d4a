#include "daemon/kafka/stream_ends.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(StreamEnds, LeavesOutWhatWasCounted) {
  StreamEnds ends;
  EXPECT_EQ(ends.Take("mx1", "mail/ab/0", {100, 300}), 0u) << "a log need not begin at 0";
  EXPECT_EQ(ends.Take("mx1", "mail/ab/0", {100, 300}), 200u) << "once more";
  EXPECT_EQ(ends.Take("mx1", "mail/ab/0", {200, 450}), 100u) << "cut otherwise";
  EXPECT_EQ(ends.Take("mx1", "mail/ab/0", {450, 500}), 0u);
  EXPECT_EQ(ends.Take("mx1", "mail/ab/0", {100, 200}), 100u) << "an old one";
}

TEST(StreamEnds, KeepsHostsSourcesAndLogsApart) {
  StreamEnds ends;
  for (const char* stream : {"mail/ab/0", "mail/ab/1", "mail/cd/0", "other/ab/0"}) {
    EXPECT_EQ(ends.Take("mx1", stream, {0, 9}), 0u) << stream;
    EXPECT_EQ(ends.Take("mx2", stream, {0, 9}), 0u) << stream;
    EXPECT_EQ(ends.Take("mx1", stream, {0, 9}), 9u) << stream;
  }
}

TEST(StreamEnds, ComesBackFromTheState) {
  StreamEnds ends;
  ends.Take("mx1", "mail/ab/0", {0, 300});
  ends.Take("mx2", "mail/cd/0", {0, 5'000'000'000});
  ByteWriter out;
  ends.Write(out);
  const std::string bytes = out.Take();

  StreamEnds restored;
  ByteReader in(bytes);
  restored.Read(in);
  EXPECT_TRUE(in.ok() && in.at_end());
  EXPECT_EQ(restored.size(), 2u);
  EXPECT_EQ(restored.Take("mx1", "mail/ab/0", {200, 400}), 100u);
  EXPECT_EQ(restored.Take("mx2", "mail/cd/0", {0, 5'000'000'000}), 5'000'000'000u);
}

TEST(StreamEnds, IsAsItWasAfterATornState) {
  StreamEnds ends;
  ends.Take("mx1", "mail/ab/0", {0, 300});
  ByteWriter out;
  ends.Write(out);
  const std::string bytes = out.Take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    StreamEnds other;
    other.Take("mx9", "mail/ab/0", {0, 7});
    ByteReader in(std::string_view(bytes).substr(0, size));
    other.Read(in);
    EXPECT_FALSE(in.ok()) << size;
    EXPECT_EQ(other.Take("mx9", "mail/ab/0", {0, 7}), 7u) << size;
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
  EXPECT_EQ(ends.Take("mx1", "mail/new/0", {0, 100}), 100u);
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
