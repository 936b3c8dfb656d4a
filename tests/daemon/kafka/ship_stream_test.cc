#include "daemon/kafka/ship_stream.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsers/wrap/line_splitter.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;

SourceConfig ConfigOf(OutputConfig::Send send) {
  SourceConfig config;
  config.name = "mail>topic";
  config.output.emplace().send = send;
  config.output->host = "mx1";
  return config;
}

// As of a line with two recipients.
std::unique_ptr<LineStream> TwoEventsAChunk(std::uint64_t start, GiveEvent give) {
  struct Stream final : LineStream {
    Stream(std::uint64_t at, GiveEvent taker) : offset(at), give(std::move(taker)) {}
    void Feed(std::string_view chunk) override {
      offset += chunk.size();
      for (int i = 0; i < 2; ++i) give(offset, "{\"mta\":\"postfix\"}\n");
    }
    void Finish() override {}
    void Discard() override {}
    void Restart(std::uint64_t at) override { offset = at; }
    std::uint64_t line_offset() const override { return offset; }
    std::uint64_t pending_bytes() const override { return 0; }
    std::uint64_t offset;
    GiveEvent give;
  };
  return std::make_unique<Stream>(start, std::move(give));
}

struct World {
  explicit World(OutputConfig::Send send = OutputConfig::Send::kLines, std::uint64_t offset = 0)
      : streams(ConfigOf(send), TwoEventsAChunk,
                [this](const ShipRecord& record) { records.push_back(record); }),
        stream(streams.NewStream(offset)) {
    stream->NoteFile("/var/log/mail.log", "first\n");
  }
  std::vector<std::string> payloads() const {
    std::vector<std::string> all;
    all.reserve(records.size());
    for (const ShipRecord& record : records) all.push_back(record.payload);
    return all;
  }
  std::vector<ShipRecord> records;
  ShipStreams streams;
  std::unique_ptr<LineStream> stream;
};

// The lines of a text, as they are counted: cut or not.
std::vector<std::pair<std::string, bool>> LinesOf(const std::string& text) {
  std::vector<std::pair<std::string, bool>> lines;
  const auto add = [&](const Line& line) {
    lines.emplace_back(std::string(line.text), line.truncated);
  };
  LineSplitter splitter;
  splitter.Feed(text, add);
  splitter.Finish(add);
  return lines;
}

TEST(ShipStream, GivesTheWholeLinesOfARead) {
  World world(OutputConfig::Send::kLines, 100);
  world.stream->Feed("a\nbc\nd");
  EXPECT_THAT(world.payloads(), ElementsAre("a\nbc\n"));
  EXPECT_EQ(world.records[0].range, (ByteRange{100, 105}));
  EXPECT_EQ(world.records[0].lines, 2U);
  EXPECT_EQ(world.stream->line_offset(), 105U);
  EXPECT_EQ(world.stream->pending_bytes(), 1U);
}

TEST(ShipStream, JoinsALineThatComesInPieces) {
  World world;
  for (const char* piece : {"a", "b", "c\nd\n", "e"}) world.stream->Feed(piece);
  world.stream->Finish();
  EXPECT_THAT(world.payloads(), ElementsAre("abc\nd\n", "e\n"));
  EXPECT_EQ(world.records[1].range, (ByteRange{6, 7}));
}

TEST(ShipStream, LeavesOutALineThatWasDiscardedOrBegunBeforeACut) {
  World world;
  world.stream->Feed("torn");
  world.stream->Discard();
  EXPECT_EQ(world.stream->line_offset(), 4U);
  world.stream->Feed("x\nbegun");
  world.stream->Restart(0);
  world.stream->Feed("y\n");
  EXPECT_THAT(world.payloads(), ElementsAre("x\n", "y\n"));
  EXPECT_EQ(world.records[1].range, (ByteRange{0, 2}));
}

TEST(ShipStream, GivesALineThatIsTooLongAloneAndStillTooLong) {
  World world;
  const std::string huge(3 * LineSplitter::kMaxLineBytes, 'x');
  world.stream->Feed("a\n" + huge);
  world.stream->Feed("yz\nb\n");
  ASSERT_EQ(world.records.size(), 3U);
  EXPECT_EQ(world.records[1].range, (ByteRange{2, 2 + huge.size() + 3}));
  EXPECT_LT(world.records[1].payload.size(), LineSplitter::kMaxLineBytes + 10);
  EXPECT_EQ(LinesOf(world.records[1].payload), LinesOf(huge + "yz\n"));
  EXPECT_EQ(world.records[2].payload, "b\n");
}

TEST(ShipStream, GivesEveryLineOnceHoweverItIsRead) {
  std::mt19937 chance(1);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (int line = 0; line < 20; ++line) {
      const bool edge = chance() % 8 == 0;
      text.append(edge ? LineSplitter::kMaxLineBytes - 3 + chance() % 6 : chance() % 9, 'a');
      text += chance() % 3 == 0 ? "\r\n" : "\n";
    }
    World world;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 1 + chance() % (chance() % 2 == 0 ? 7 : 65536);
      world.stream->Feed(std::string_view(text).substr(at, size));
      at += size;
    }
    std::string sent;
    std::uint64_t end = 0;
    for (const ShipRecord& record : world.records) {
      EXPECT_EQ(record.range.begin, end);
      end = record.range.end;
      sent += record.payload;
    }
    EXPECT_EQ(end, text.size());
    ASSERT_EQ(LinesOf(sent), LinesOf(text));
  }
}

TEST(ShipStream, NamesALogByItsPathAndItsFirstLine) {
  const std::uint64_t key = LogKey("/var/log/mail.log", "first line\nsecond");
  EXPECT_EQ(key, LogKey("/var/log/mail.log", "first line\nsecond line\nthird"));
  EXPECT_NE(key, LogKey("/var/log/mail.log", "another first line\nsecond"));
  EXPECT_NE(key, LogKey("/var/log/mail.info", "first line\nsecond"));
}

TEST(ShipStream, NamesThoseThatBeginWithTheSameLineByTheirNumber) {
  World world;
  const auto read = [&](std::uint64_t begin, const std::string& head) {
    world.stream->Restart(begin);
    world.stream->NoteFile("/var/log/mail.log", head);
    world.stream->Feed("some line\n");
    return world.records.back().stream;
  };
  const std::string first = read(0, "first\n");
  EXPECT_EQ(first, StreamName("mail", LogKey("/var/log/mail.log", "first\n")));
  EXPECT_EQ(read(500, "first\n"), first) << "the rest of the same log";
  EXPECT_NE(read(0, "other\n"), first);
  EXPECT_EQ(read(0, "first\n"), first + ".1");
  EXPECT_EQ(read(70, "first\n"), first + ".1");
  EXPECT_EQ(read(0, "first\n"), first + ".2");
}

TEST(ShipStream, ALogIsNotBegunBeforeItsFirstWholeLine) {
  World world;
  world.stream->Feed("begun");
  ByteWriter none, one;
  BegunLogs().Write(none);
  const std::string empty = none.Take();
  ByteWriter now;
  world.streams.begun().Write(now);
  EXPECT_EQ(now.Take(), empty) << "its place is 0 still, and it would be begun twice";
  world.stream->Feed(" and whole\n");
  world.streams.begun().Write(one);
  EXPECT_NE(one.Take(), empty);
}

TEST(ShipStream, GivesOfFailuresOneLineARecord) {
  World world(OutputConfig::Send::kFailures);
  const std::string head =
      "2026-03-01T10:00:00.000000+00:00 mx1 postfix/smtp[1200]: 4cXAB21Fz1zQ3k: "
      "to=<ann@example.com>, "
      "relay=mx.example.com[192.0.2.7]:25, delay=1, delays=0/0/0/1, ";
  const std::string sent = head + "dsn=2.0.0, status=sent (250 2.0.0 Ok)\n";
  const std::string bounced = head +
                              "dsn=5.1.1, status=bounced (host mx.example.com[192.0.2.7] said: "
                              "550 5.1.1 no such user (in reply to RCPT TO command))\n";
  const std::string removed =
      "2026-03-01T10:00:01.000000+00:00 mx1 postfix/qmgr[900]: 4cXAB21Fz1zQ3k: removed\n";
  world.stream->Feed(sent + bounced + removed + bounced + sent + bounced.substr(0, 50));
  ASSERT_THAT(world.payloads(), ElementsAre(bounced, bounced));
  const std::uint64_t first = sent.size() + bounced.size();
  const std::uint64_t second = first + removed.size() + bounced.size();
  EXPECT_EQ(world.records[0].range, (ByteRange{0, first}));
  EXPECT_EQ(world.records[1].range, (ByteRange{first, second})) << "nothing is between them";
  EXPECT_EQ(world.stream->line_offset(), second + sent.size());
}

TEST(ShipStream, NamesEachEventByItsLineAndItsNumberInIt) {
  World world(OutputConfig::Send::kEvents, 100);
  world.stream->Feed("a line\n");
  world.stream->Feed("another\n");
  const std::string name =
      "{\"event_id\":\"mx1/" + StreamName("mail", LogKey("/var/log/mail.log", "first")) + "/";
  const std::string rest = "\",\"mta\":\"postfix\"}\n";
  EXPECT_THAT(world.payloads(), ElementsAre(name + "107/0" + rest, name + "107/1" + rest,
                                            name + "115/0" + rest, name + "115/1" + rest));
  EXPECT_EQ(world.records[0].range, (ByteRange{107, 107}));
}

TEST(StandingStreams, StayWhereTheyBegin) {
  StandingStreams standing;
  const auto stream = standing.NewStream(7);
  stream->Feed("a\nb\n");
  stream->Finish();
  EXPECT_EQ(stream->line_offset(), 7U);
}

}  // namespace
}  // namespace bouncesight
