// Records as shippers send them, again, otherwise cut and out of order, over restarts: what is
// counted of a log is what a naive reader takes that remembers each byte. And any bytes as the
// state of such a source.
#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/kafka/kafka_source.h"
#include "daemon/kafka/kafka_state.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

namespace {

using namespace bouncesight;

// Owns what the event views.
struct Sent {
  std::string payload, host, stream, range;
};

class ListFeed final : public KafkaFeed {
 public:
  explicit ListFeed(std::vector<KafkaEvent>& events) : events_(events) {}
  bool Assign(const std::vector<PartitionPlaces::Beginning>& /*beginnings*/) override {
    return true;
  }
  void OnNews(std::function<void()> /*ring*/) override {}
  const std::vector<KafkaEvent>& Poll() override {
    given_ = std::exchange(events_, {});
    return given_;
  }
  TopicSight Look() override {
    TopicSight sight;
    sight.trouble = TopicSight::Trouble::kNone;
    sight.partitions = {{0, true}};
    return sight;
  }
  void Note(const std::vector<PartitionPlaces::Beginning>& /*places*/) override {}
  std::optional<std::int64_t> End(std::int32_t /*partition*/) override { return std::nullopt; }

 private:
  std::vector<KafkaEvent>& events_;
  std::vector<KafkaEvent> given_;
};

class OneText final : public StreamFactory {
 public:
  std::unique_ptr<LineStream> NewStream(std::uint64_t /*offset*/) override {
    return std::make_unique<Stream>(text);
  }
  std::string text;

 private:
  struct Stream final : LineStream {
    explicit Stream(std::string& to) : text(to) {}
    void Feed(std::string_view chunk) override { text += chunk; }
    void Finish() override {}
    void Discard() override {}
    void Restart(std::uint64_t /*offset*/) override {}
    std::uint64_t line_offset() const override { return 0; }
    std::uint64_t pending_bytes() const override { return 0; }
    std::string& text;
  };
};

// Knows of each byte of each log whether it was counted.
class Naive {
 public:
  void Take(const Sent& sent) {
    const auto range = sent.stream.empty() ? std::nullopt : ParseRange(sent.range);
    if (!range) return Add(sent.payload);
    believable = believable && range->end <= kMost;
    if (!believable || range->begin == range->end) return;
    std::vector<bool>& counted = counted_[sent.host + '\n' + sent.stream];
    if (counted.size() < range->end) counted.resize(range->end);
    const std::uint64_t size = range->end - range->begin;
    const bool all_there = sent.payload.size() == size ||
                           (sent.payload.size() + 1 == size && !sent.payload.ends_with('\n'));
    if (!all_there && !counted[range->end - 1]) Add(sent.payload);
    std::string piece;
    for (std::uint64_t at = range->begin; at < range->end; ++at) {
      if (counted[at]) {
        Add(std::exchange(piece, {}));
      } else if (all_there && at - range->begin < sent.payload.size()) {
        piece += sent.payload[at - range->begin];
      }
      counted[at] = true;
    }
    Add(piece);
    Forget(counted);
  }
  std::string text;
  // False: a range was so long that this would take too much memory.
  bool believable = true;

 private:
  static constexpr std::uint64_t kMost = 1 << 16;

  void Add(std::string_view lines) {
    text += lines;
    if (!lines.empty() && lines.back() != '\n') text += '\n';
  }
  // The first of too many pieces that are missing.
  static void Forget(std::vector<bool>& counted) {
    std::size_t pieces = 0;
    for (std::size_t at = counted.size(); at-- > 0;) {
      const bool is_end = !counted[at] && counted[at + 1];
      pieces += is_end ? 1 : 0;
      if (pieces > StreamEnds::kMostMissing) counted[at] = true;
    }
  }
  std::map<std::string, std::vector<bool>> counted_;
};

// Seven bytes make a record; what they do not choose is read from the rest of the input.
Sent MakeRecord(const std::uint8_t* bytes, std::string_view rest) {
  const std::uint64_t begin = bytes[1] * 7ULL;
  Sent sent;
  for (int line = 0; line < bytes[2] % 8; ++line) {
    sent.payload += "line" + std::to_string((begin + static_cast<unsigned>(line)) % 90 + 10) + "\n";
  }
  const std::uint64_t end = begin + sent.payload.size();
  if ((bytes[0] & 1) != 0) {
    sent.host = "mx" + std::to_string(bytes[3] % 2);
    sent.stream = "mail/" + std::to_string(bytes[4] % 3);
    sent.range = RangeText({begin, end});
  }
  if (bytes[0] >= 200) sent.payload = rest.substr(0, bytes[5]);
  if (bytes[0] >= 225) sent.range = rest.substr(0, bytes[6] % 45);
  if (bytes[0] >= 240) sent.range = RangeText({begin, ~std::uint64_t{0} - bytes[6]});
  return sent;
}

void Replay(std::string_view input) {
  constexpr std::size_t kRecord = 7;
  constexpr std::size_t kMost = 64;
  static FakeClock clock;
  SourceConfig config;
  config.name = "fleet";
  config.type = SourceType::kKafka;
  config.kafka.topic = "mail";
  config.start = FirstSight::kBeginning;
  std::vector<KafkaEvent> events;
  OneText streams;
  Naive naive;
  const auto start = [&] {
    return std::make_unique<KafkaSource>(config, std::make_unique<ListFeed>(events), clock,
                                         streams);
  };
  auto source = start();
  source->Turn();
  for (std::size_t n = 0; n < kMost && (n + 1) * kRecord <= input.size(); ++n) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(input.data()) + n * kRecord;
    const Sent sent = MakeRecord(bytes, input.substr((n + 1) * kRecord));
    KafkaEvent event;
    event.offset = static_cast<std::int64_t>(n);
    event.timestamp_ms = bytes[6];
    event.payload = sent.payload;
    event.host = sent.host;
    event.stream = sent.stream;
    event.range = sent.range;
    events.push_back(event);
    if (bytes[0] % 16 == 2) {
      events.push_back(event);  // the very record once more: counted before
    }
    naive.Take(sent);
    while (source->Turn()) {
    }
    if (bytes[0] % 16 != 3) continue;
    const std::string state = source->SaveState();
    source = start();
    Require(source->RestoreState(state), "its own state");
    source->Turn();
    events.push_back(event);  // reading begins at the last record that was counted
    while (source->Turn()) {
    }
  }
  Require(!naive.believable || streams.text == naive.text, "the naive reader's lines");
}

void TryState(std::string_view bytes) {
  const auto state = DecodeKafkaState(bytes);
  if (!state) return;
  const std::string written = EncodeKafkaState(*state);
  const auto again = DecodeKafkaState(written);
  Require(again.has_value() && EncodeKafkaState(*again) == written, "a round trip changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input = fuzz::Text(data + 1, size - 1);
  if (data[0] % 4 == 0) {
    TryState(input);
  } else {
    Replay(input);
  }
  return 0;
}
