// Every call that a Kafka source makes of librdkafka fails once, and several times in a row, in
// every way: records arrive in partitions that come, go and lose their leader, some are deleted
// unread, the topic is made again, and the source is killed. No line is lost or counted twice.
#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/kafka/rdkafka_feed.h"
#include "tests/daemon/kafka/asked_watch.h"
#include "tests/daemon/kafka/fake_rdkafka.h"
#include "tests/daemon/kafka/kafka_world.h"
#include "tests/daemon/system/captured_log.h"
#include "tests/daemon/system/fault_walk.h"

namespace bouncesight {
namespace {

class FaultyKafka {
 public:
  FaultyKafka(std::size_t nth, int way, int times) : kafka_(nth, way, times) {
    config_.name = "fleet";
    config_.type = SourceType::kKafka;
    config_.start = FirstSight::kBeginning;
    config_.kafka.topic = "mail";
    config_.kafka.brokers = {"192.0.2.1:9092"};
    Live();
    source_.reset();
  }

  const std::vector<std::string>& calls() const { return kafka_.calls(); }
  // Of each partition in their order.
  std::vector<std::string> counted() const { return ByPartition(Lines(streams_.text)); }
  std::vector<std::string> sent() const { return ByPartition(sent_); }
  const LiveKafka& live() const { return live_; }

 private:
  void Live() {
    kafka_.partitions.resize(2);
    Start();
    for (const char* line : {"0 one", "0 two", "0 three", "1 one"}) Send(line);
    Poll();
    Commit();
    GrowInTheMiddleOfABatch();
    Commit();
    for (const char* line : {"0 four", "1 two"}) Send(line);
    Poll();
    Kill();
    Start();
    Poll();
    Commit();
    LoseALeader();
    Repeat();
    Kill();
    DeleteUnread();
    Start();
    Poll();
    MakeAgain();
    Commit();
    Kill();
    Start();
    Poll();
    kafka_.StopFailing();
    Poll();
  }

  void GrowInTheMiddleOfABatch() {
    for (const char* line : {"0 large", "0 larger", "1 large", "1 larger"}) {
      Send(line + std::string(40'000, '.'));
    }
    source_->Turn();
    kafka_.partitions.resize(3);
    Send("2 one");
    Poll();
  }
  void LoseALeader() {
    kafka_.partitions[1].has_leader = false;
    kafka_.Append(0, {"damaged", {}, {}, {}, true});
    for (const char* line : {"0 five", "1 three"}) Send(line);
    Poll();
    kafka_.partitions[1].has_leader = true;
    Poll();
  }
  void Repeat() {
    kafka_.Append(2, {"2 aa\n2 bb\n", "mx1", "mail/ab/0", "0-10"});
    kafka_.Append(2, {"2 bb\n2 cc\n", "mx1", "mail/ab/0", "5-15"});
    for (const char* line : {"2 aa", "2 bb", "2 cc"}) sent_.emplace_back(line);
    Poll();
    Commit();
  }
  void DeleteUnread() {
    kafka_.Append(0, "deleted");
    kafka_.Append(0, "deleted, too");
    Send("0 six");
    kafka_.DeleteOldest(0, kafka_.partitions[0].records.size() - 1);
    Send("1 four");
  }
  void MakeAgain() {
    kafka_.partitions.clear();
    Poll();
    kafka_.partitions.resize(3);
    for (const char* line : {"0 new", "1 new", "2 new", "0 newer"}) Send(line);
    Poll();
  }

  void Send(std::string line) {
    sent_.push_back(line);
    const int partition = line.front() - '0';
    kafka_.Append(partition, std::move(line));
  }

  // As systemd does it, which starts again what has not started.
  void Start() {
    for (int tries = 0; tries < 20; ++tries) {
      auto feed = RdKafkaFeed::Open(config_.kafka, AskedWatch::Make);
      if (!feed) {
        EXPECT_NE(feed.error().message, "");
        continue;
      }
      source_ = std::make_unique<KafkaSource>(config_, std::move(*feed), clock_, streams_);
      if (!state_.empty()) {
        EXPECT_TRUE(source_->RestoreState(state_));
      }
      return;
    }
    FAIL() << "it does not start";
  }
  void Poll() {
    constexpr int kMostTurns = 100;
    for (int i = 0; i < 7; ++i) {
      int turns = 0;
      while (source_->Turn() && turns < kMostTurns) ++turns;
      ASSERT_LT(turns, kMostTurns) << "it spins";
      clock_.Advance(std::chrono::seconds(1));
    }
    LiveSource live;
    source_->Describe(live);
    live_ = live.kafka.value_or(LiveKafka{});
  }
  void Commit() {
    state_ = source_->SaveState();
    committed_ = streams_.text;
  }
  void Kill() {
    source_.reset();
    streams_.text = committed_;
  }

  static std::vector<std::string> Lines(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
      lines.emplace_back(text.substr(0, end));
    }
    return lines;
  }
  static std::vector<std::string> ByPartition(std::vector<std::string> lines) {
    std::ranges::stable_sort(lines, {}, [](const std::string& line) { return line.front(); });
    constexpr std::size_t kShown = 20;
    for (std::string& line : lines) {
      if (line.size() > kShown) line = line.substr(0, kShown) + std::to_string(line.size());
    }
    return lines;
  }

  CapturedLog log_;
  FakeRdKafka kafka_;
  SourceConfig config_;
  FakeClock clock_;
  TextStreams streams_;
  std::unique_ptr<KafkaSource> source_;
  std::string state_, committed_;
  std::vector<std::string> sent_;
  LiveKafka live_;
};

class KafkaFaults : public testing::TestWithParam<int> {};

TEST_P(KafkaFaults, T24LoseNoLine) {
  const FaultyKafka well(0, 0, 0);
  ASSERT_EQ(well.counted(), well.sent());
  ASSERT_EQ(well.live().lost_records, 2u);
  ForEachFault(well.calls(), 17, KafkaFaultsOf, [&](std::size_t nth, int way, const auto& site) {
    const FaultyKafka faulty(nth, way, GetParam());
    const std::string what =
        "call " + std::to_string(nth) + ", " + site + ", fails with " + std::to_string(way);
    EXPECT_EQ(faulty.counted(), faulty.sent()) << what;
    EXPECT_EQ(faulty.live().lost_records, 2u) << what;
    EXPECT_EQ(faulty.live().repeated_bytes, 5u) << what;
    EXPECT_EQ(faulty.live().partitions.open, 3u) << what;
    EXPECT_EQ(faulty.live().lag_records, 0u) << what;
  });
}

INSTANTIATE_TEST_SUITE_P(InARow, KafkaFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
