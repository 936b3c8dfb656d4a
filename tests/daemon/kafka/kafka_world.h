// A Kafka source over a feed that a test fills.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/kafka/kafka_source.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {

// What the test puts into `events` comes at the next poll.
struct FakeKafka {
  using Places = std::vector<PartitionPlaces::Beginning>;

  void Record(std::int32_t partition, std::int64_t offset, std::string payload,
              std::string range = {}, std::string stream = "mail/ab/0") {
    texts.push_back({std::move(payload), range.empty() ? "" : "mx1",
                     range.empty() ? "" : std::move(stream), std::move(range)});
    KafkaEvent event;
    event.partition = partition;
    event.offset = offset;
    event.timestamp_ms = 1000 + offset;
    const auto& [text, host, of, bytes] = texts.back();
    event.payload = text;
    event.host = host;
    event.stream = of;
    event.range = bytes;
    events.push_back(event);
  }
  void End(std::int32_t partition, std::int64_t offset) {
    events.push_back({KafkaEvent::Kind::kEnd, partition, offset, 0, {}, {}, {}, {}});
  }
  void OutOfRange(std::int32_t partition) {
    events.push_back({KafkaEvent::Kind::kOutOfRange, partition, 0, 0, {}, {}, {}, {}});
  }
  void Unreadable(std::int32_t partition, std::int64_t offset) {
    events.push_back({KafkaEvent::Kind::kUnreadable, partition, offset, 0, "broken", {}, {}, {}});
  }
  void SetPartitions(std::int32_t count) {
    sight = {};
    sight.trouble = TopicSight::Trouble::kNone;
    for (std::int32_t i = 0; i < count; ++i) sight.partitions.push_back({i, true});
  }

  TopicSight sight;
  std::function<void()> ring;
  std::vector<KafkaEvent> events;
  std::vector<Places> assigned, noted;
  int refused_assignments = 0;  // still to come
  std::deque<std::array<std::string, 4>> texts;
};

class FakeFeed final : public KafkaFeed {
 public:
  explicit FakeFeed(FakeKafka& kafka) : kafka_(kafka) {}
  bool Assign(const FakeKafka::Places& places) override {
    if (kafka_.refused_assignments > 0) return --kafka_.refused_assignments, false;
    kafka_.assigned.push_back(places);
    return true;
  }
  void OnNews(std::function<void()> ring) override { kafka_.ring = std::move(ring); }
  const std::vector<KafkaEvent>& Poll() override {
    given_ = std::exchange(kafka_.events, {});
    return given_;
  }
  TopicSight Look() override { return kafka_.sight; }
  void Note(const FakeKafka::Places& places) override { kafka_.noted.push_back(places); }
  std::optional<std::int64_t> End(std::int32_t) override { return 100; }

 private:
  FakeKafka& kafka_;
  std::vector<KafkaEvent> given_;
};

// Streams whose bytes all go to one text.
class TextStreams final : public StreamFactory {
 public:
  std::unique_ptr<LineStream> NewStream(std::uint64_t) override {
    return std::make_unique<Stream>(text);
  }
  std::string text;

 private:
  struct Stream final : LineStream {
    explicit Stream(std::string& to) : text(to) {}
    void Feed(std::string_view chunk) override { text += chunk; }
    void Finish() override {}
    void Discard() override {}
    void Restart(std::uint64_t) override {}
    std::uint64_t line_offset() const override { return 0; }
    std::uint64_t pending_bytes() const override { return 0; }
    std::string& text;
  };
};

struct KafkaWorld {
  KafkaWorld() {
    config.name = "fleet";
    config.type = SourceType::kKafka;
    config.kafka.topic = "mail";
    config.start = FirstSight::kBeginning;
    kafka.SetPartitions(1);
  }
  // From `state`, as after a restart; empty: the first start.
  void Start(const std::string& state = {}) {
    source =
        std::make_unique<KafkaSource>(config, std::make_unique<FakeFeed>(kafka), clock, streams);
    if (!state.empty()) {
      ASSERT_TRUE(source->RestoreState(state));
    }
    Poll();
  }
  void Poll() {
    while (source->Turn()) {
    }
  }
  LiveKafka live() const {
    LiveSource live;
    source->Describe(live);
    return live.kafka.value_or(LiveKafka{});
  }

  SourceConfig config;
  FakeKafka kafka;
  FakeClock clock;
  TextStreams streams;
  std::unique_ptr<KafkaSource> source;
};

}  // namespace bouncesight
