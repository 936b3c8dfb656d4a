// A shipper between a file and a topic that a test holds.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/kafka/shipper.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {

// Reads `file` from its state's offset on, `turn` bytes at a time.
class TextFollower final : public Source {
 public:
  TextFollower(const std::string& file, const std::size_t& turn, std::size_t first,
               StreamFactory& streams)
      : file_(file), turn_(turn), at_(first), streams_(streams) {}

  bool Turn() override {
    if (!stream_) Open();
    if (at_ > file_.size()) {  // it was cut
      at_ = 0;
      stream_->Restart(0);
    }
    const std::string_view chunk = std::string_view(file_).substr(at_, turn_);
    stream_->NoteFile("/var/log/mail.log", std::string_view(file_).substr(0, at_ + chunk.size()));
    stream_->Feed(chunk);
    at_ += chunk.size();
    return at_ < file_.size();
  }
  bool caught_up() const override { return true; }
  std::string SaveState() override { return std::to_string(stream_->line_offset()); }
  bool RestoreState(std::string_view state) override {
    at_ = std::stoul(std::string(state));
    Open();
    return true;
  }
  void Describe(LiveSource& live) override { live.lag_bytes = file_.size() - at_; }

 private:
  void Open() { stream_ = streams_.NewStream(at_); }

  const std::string& file_;
  const std::size_t& turn_;
  std::size_t at_;
  StreamFactory& streams_;
  std::unique_ptr<LineStream> stream_;
};

// What became of what was sent. Outlives its sinks.
struct FakeTopic {
  struct Arrived {
    std::int32_t partition;
    ShipRecord record;
  };

  void SetPartitions(std::int32_t count) {
    sight = {};
    sight.trouble = TopicSight::Trouble::kNone;
    for (std::int32_t i = 0; i < count; ++i) sight.partitions.push_back({i, true});
  }
  // All that is under way, in the order in which it was sent, or the other way round.
  void AcknowledgeAll() {
    acknowledged.insert(acknowledged.end(), under_way.begin(), under_way.end());
    under_way.clear();
  }
  void Acknowledge(std::uint64_t number) {
    acknowledged.push_back(number);
    std::erase(under_way, number);
  }
  std::string text() const {
    std::string text;
    for (const Arrived& each : arrived) text += each.record.payload;
    return text;
  }

  TopicSight sight;
  std::string failure;
  std::string refused;         // a payload that makes a Send fail
  std::function<void()> ring;  // of the newest sink
  std::size_t room = 1000;     // records under way
  std::vector<Arrived> arrived;
  std::vector<std::uint64_t> under_way, acknowledged;
  int sinks = 0;
};

class FakeSink final : public RecordSink {
 public:
  explicit FakeSink(FakeTopic& topic) : topic_(topic) {
    ++topic_.sinks;
    topic_.under_way.clear();
    topic_.acknowledged.clear();
  }
  Sent Send(std::int32_t partition, const ShipRecord& record, std::uint64_t number) override {
    if (topic_.under_way.size() >= topic_.room) return Sent::kNoRoom;
    if (record.payload == topic_.refused) {
      topic_.failure = "this record is refused";
      return Sent::kFailed;
    }
    topic_.arrived.push_back({partition, record});
    topic_.under_way.push_back(number);
    return Sent::kTaken;
  }
  void OnNews(std::function<void()> ring) override { topic_.ring = std::move(ring); }
  const std::vector<std::uint64_t>& Poll(std::chrono::milliseconds) override {
    given_ = std::exchange(topic_.acknowledged, {});
    return given_;
  }
  std::string failure() const override { return topic_.failure; }
  TopicSight Look() override { return topic_.sight; }

 private:
  FakeTopic& topic_;
  std::vector<std::uint64_t> given_;
};

struct ShipWorld {
  ShipWorld() {
    config.name = "mail>topic";
    config.output.emplace().kafka.topic = "topic";
    config.output->host = "mx1";
    topic.SetPartitions(1);
  }
  // From `state`, as after a crash; empty: the first start.
  void Start(const std::string& state = {}) {
    const auto sink = [this]() -> Result<std::unique_ptr<RecordSink>> {
      if (!no_sink.empty()) return Error{no_sink};
      return std::unique_ptr<RecordSink>(std::make_unique<FakeSink>(topic));
    };
    const auto follow = [this](StreamFactory& streams) -> std::unique_ptr<Source> {
      return std::make_unique<TextFollower>(file, turn, first, streams);
    };
    shipper = std::make_unique<Shipper>(config, follow, std::make_unique<FakeSink>(topic), sink,
                                        EventStreamMaker(), clock);
    if (!state.empty()) {
      ASSERT_TRUE(shipper->RestoreState(state));
    }
  }
  void Turn() {
    while (shipper->Turn()) {
    }
  }
  LiveShipper live() const {
    LiveSource live;
    shipper->Describe(live);
    return live.shipper.value_or(LiveShipper{});
  }

  SourceConfig config;
  std::string file;
  std::size_t turn = 1 << 16;
  std::size_t first = 0;  // where a source that is seen for the first time begins
  FakeTopic topic;
  std::string no_sink;  // why there is no new one; empty: there is
  FakeClock clock;
  std::unique_ptr<Shipper> shipper;
};

}  // namespace bouncesight
