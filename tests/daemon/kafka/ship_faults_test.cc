// Every call that a shipper makes of librdkafka fails once, and several times in a row, in every
// way: lines are sent, the log is cut and begun anew, the topic grows, and the shipper is killed
// twice. Who reads the topic counts each line once.
#include <gtest/gtest.h>

#include "daemon/kafka/rdkafka_feed.h"
#include "daemon/kafka/rdkafka_sink.h"
#include "tests/daemon/kafka/asked_watch.h"
#include "tests/daemon/kafka/fake_rdkafka.h"
#include "tests/daemon/kafka/kafka_world.h"
#include "tests/daemon/kafka/ship_world.h"
#include "tests/daemon/system/captured_log.h"
#include "tests/daemon/system/fault_walk.h"

namespace bouncesight {
namespace {

class FaultyShipper {
 public:
  FaultyShipper(std::size_t nth, int way, int times) : kafka_(nth, way, times) {
    config_.name = "mail>topic";
    config_.output.emplace().kafka.topic = "topic";
    config_.output->kafka.brokers = {"192.0.2.1:9092"};
    config_.output->host = "mx1";
    Live();
    shipper_.reset();
    Count();
  }

  const std::vector<std::string>& calls() const { return kafka_.calls(); }
  const std::string& counted() const { return counted_; }
  std::uint64_t lag() const { return lag_; }

  static constexpr const char* kAll = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";

 private:
  void Live() {
    kafka_.partitions.resize(1);
    Start();
    file_ = "one\ntwo\nthree\nfour\n";
    Turn();
    Commit();
    kafka_.partitions.resize(3);
    file_ += "five\nsix\n";
    shipper_->Turn();
    Kill();
    Turn();
    Commit();
    file_ = "seven\neight\n";
    Turn();
    file_ += "nine\n";
    shipper_->Turn();
    Commit();
    Kill();
    file_ += "ten\n";
    Turn();
    Commit();
    kafka_.StopFailing();
    Turn();
    LiveSource live;
    shipper_->Describe(live);
    lag_ = live.shipper->lag_bytes;
  }

  static Result<std::unique_ptr<RecordSink>> NewSink(const OutputConfig& output) {
    auto sink = RdKafkaSink::Open(output.kafka, output.host, AskedWatch::Make);
    if (!sink) return sink.error();
    return std::unique_ptr<RecordSink>(std::move(*sink));
  }

  // As systemd does it, which starts again what has not started.
  void Start() {
    const Shipper::SinkMaker make = [this] { return NewSink(*config_.output); };
    for (int tries = 0; tries < 20; ++tries) {
      auto sink = make();
      if (!sink) {
        EXPECT_NE(sink.error().message, "");
        continue;
      }
      const auto follow = [this](StreamFactory& streams) -> std::unique_ptr<Source> {
        return std::make_unique<TextFollower>(file_, turn_, 0, streams);
      };
      shipper_ = std::make_unique<Shipper>(config_, follow, std::move(*sink), make,
                                           EventStreamMaker(), clock_);
      if (!state_.empty()) {
        EXPECT_TRUE(shipper_->RestoreState(state_));
      }
      return;
    }
    FAIL() << "it does not start";
  }
  // It waits up to some seconds after each of five failures.
  void Turn() {
    constexpr int kMostTurns = 100;
    for (int i = 0; i < 20; ++i) {
      int turns = 0;
      while (shipper_->Turn() && turns < kMostTurns) ++turns;
      ASSERT_LT(turns, kMostTurns) << "it spins";
      clock_.Advance(std::chrono::seconds(5));
    }
  }
  void Commit() { state_ = shipper_->SaveState(); }
  void Kill() {
    shipper_.reset();
    Start();
  }

  void Count() {
    SourceConfig config;
    config.name = "fleet";
    config.type = SourceType::kKafka;
    config.start = FirstSight::kBeginning;
    config.kafka = config_.output->kafka;
    auto feed = RdKafkaFeed::Open(config.kafka, AskedWatch::Make);
    ASSERT_TRUE(feed);
    TextStreams streams;
    KafkaSource source(config, std::move(*feed), clock_, streams);
    for (int i = 0; i < 50; ++i) source.Turn();
    counted_ = streams.text;
  }

  CapturedLog log_;
  FakeRdKafka kafka_;
  SourceConfig config_;
  FakeClock clock_;
  std::string file_;
  std::size_t turn_ = 8;
  std::unique_ptr<Shipper> shipper_;
  std::string state_, counted_;
  std::uint64_t lag_ = 0;
};

class ShipFaults : public testing::TestWithParam<int> {};

TEST_P(ShipFaults, T24SendEachLineSoThatItCountsOnce) {
  const FaultyShipper well(0, 0, 0);
  ASSERT_EQ(well.counted(), FaultyShipper::kAll);
  ForEachFault(well.calls(), 11, KafkaFaultsOf, [&](std::size_t nth, int way, const auto& site) {
    const FaultyShipper faulty(nth, way, GetParam());
    const std::string what =
        "call " + std::to_string(nth) + ", " + site + ", fails with " + std::to_string(way);
    EXPECT_EQ(faulty.counted(), FaultyShipper::kAll) << what;
    EXPECT_EQ(faulty.lag(), 0u) << what;
  });
}

INSTANTIATE_TEST_SUITE_P(InARow, ShipFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
