#include "daemon/kafka/kafka_source.h"

#include <algorithm>
#include <utility>

#include "daemon/kafka/kafka_state.h"
#include "daemon/kafka/packed_record.h"
#include "daemon/system/log.h"

namespace bouncesight {
namespace {

using Trouble = TopicSight::Trouble;
using PlaceVerdict = PartitionPlaces::Verdict;

// A payload is the piece of the log that its range names; the last newline may be left out.
bool IsByteForByte(std::string_view payload, std::uint64_t size) {
  return payload.size() == size || (payload.size() + 1 == size && !payload.ends_with('\n'));
}

}  // namespace

KafkaSource::KafkaSource(SourceConfig config, std::unique_ptr<KafkaFeed> feed, const Clock& clock,
                         StreamFactory& streams)
    : config_(std::move(config)),
      feed_(std::move(feed)),
      clock_(clock),
      streams_(streams),
      places_(config_.start) {}

bool KafkaSource::Turn() {
  TakeSight();
  // What was refused is asked for at the next turn, not at once. Nothing is read before: what still
  // comes of the assignment before does not follow on our places any more.
  if (assign_ && !Assign()) return false;
  assign_ = false;
  std::size_t bytes = 0;
  while (bytes < kTurnBytes && !assign_ && NextEvent()) bytes += Handle((*batch_)[taken_++]);
  if (bytes > 0) {
    const std::chrono::duration<double> now = clock_.Wall().time_since_epoch();
    last_line_timestamp_ = now.count();
  }
  TellCounts();
  caught_up_ = caught_up_ || (sight_.trouble == Trouble::kNone && places_.at_ends());
  return assign_ || bytes >= kTurnBytes;
}

bool KafkaSource::NextEvent() {
  if (batch_ != nullptr && taken_ < batch_->size()) return true;
  batch_ = &feed_->Poll();
  taken_ = 0;
  return !batch_->empty();
}

bool KafkaSource::Assign() {
  batch_ = nullptr;  // of the assignment before
  return feed_->Assign(places_.Beginnings());
}

void KafkaSource::TakeSight() {
  TopicSight sight = feed_->Look();
  if (sight == sight_) return;
  TellSight(sight);
  const bool was_missing = sight_.trouble == Trouble::kMissing;
  sight_ = std::move(sight);
  if (sight_.trouble != Trouble::kNone) {
    caught_up_ = true;  // nothing that could be waited for
    return;
  }
  if (was_missing) {
    places_.Doubt();
    assign_ = true;
  }
  std::int32_t count = 0;
  const std::vector<std::int32_t> ours = Ours(count);
  if (places_.SetPartitions(count, ours)) assign_ = true;
}

std::vector<std::int32_t> KafkaSource::Ours(std::int32_t& count) const {
  std::vector<std::int32_t> ours;
  ours.reserve(sight_.partitions.size());
  for (const TopicSight::Partition& partition : sight_.partitions) {
    count = std::max(count, partition.number + 1);
    if (config_.kafka.partitions.Holds(partition.number)) ours.push_back(partition.number);
  }
  return ours;
}

// What has changed, in words.
void KafkaSource::TellSight(const TopicSight& sight) {
  if (sight.trouble != Trouble::kNone) {
    if (sight.words != sight_.words) LogError("source {}: {}", config_.name, sight.words);
    return;
  }
  const bool mended = sight_.trouble != Trouble::kNone && sight_.trouble != Trouble::kUnknown;
  if (mended) LogInfo("source {}: the topic {} can be read now", config_.name, config_.kafka.topic);
  if (sight.partitions.size() != sight_.partitions.size() || mended) {
    LogInfo("source {}: partitions of the topic {}: {}", config_.name, config_.kafka.topic,
            sight.partitions.size());
  }
  const std::string missing = MissingPartitions(config_.kafka, sight);
  if (!missing.empty() && missing != MissingPartitions(config_.kafka, sight_)) {
    LogWarning("source {}: {}", config_.name, missing);
  }
}

std::size_t KafkaSource::Handle(const KafkaEvent& event) {
  PlaceVerdict verdict = PlaceVerdict::kDrop;
  std::size_t bytes = 0;
  switch (event.kind) {
    case KafkaEvent::Kind::kEnd:
      verdict = places_.OnEnd(event.partition, event.offset);
      break;
    case KafkaEvent::Kind::kOutOfRange:
      verdict = places_.OnOutOfRange(event.partition);
      break;
    case KafkaEvent::Kind::kUnreadable:
      LogError(
          "source {}: topic {}, partition {}: what stands at offset {} cannot be read ({}); it is "
          "passed over, with what was sent together with it",
          config_.name, config_.kafka.topic, event.partition, event.offset, event.payload);
      places_.OnUnreadable();
      ++told_.gaps;  // by these words
      break;
    case KafkaEvent::Kind::kRecord: {
      const std::uint64_t mark = RecordMark(event.timestamp_ms, event.payload);
      verdict = places_.OnRecord(event.partition, event.offset, mark);
      if (verdict == PlaceVerdict::kTake) bytes = Count(event, mark);
      break;
    }
  }
  if (verdict == PlaceVerdict::kAssign) assign_ = true;
  return bytes;
}

std::size_t KafkaSource::Count(const KafkaEvent& event, std::uint64_t mark) {
  std::unique_ptr<LineStream>& lines = lines_[event.partition];
  if (!lines) lines = streams_.NewStream(0);
  FeedNew(event, *lines);
  places_.Counted(event.partition, event.offset, mark);
  ++records_;
  return event.payload.size() + 1;
}

// Where the headers tell which bytes these are, those that were not counted before; else all.
void KafkaSource::FeedNew(const KafkaEvent& event, LineStream& lines) {
  const auto feed = [&](std::string_view text) {
    if (text.empty()) return;
    lines.Feed(text);
    if (text.back() != '\n') lines.Feed("\n");
  };
  const auto range = event.stream.empty() ? std::nullopt : ParseRange(event.range);
  if (!range) return feed(event.payload);
  // Who reads a topic from its beginning has seen all that came before this.
  const std::uint64_t from = config_.start == FirstSight::kBeginning ? 0 : range->begin;
  const std::vector<ByteRange>& fresh = ends_.Take(event.host, event.stream, *range, from);
  const std::uint64_t size = range->end - range->begin;
  repeated_bytes_ += size;
  for (const ByteRange& piece : fresh) repeated_bytes_ -= piece.end - piece.begin;
  if (fresh.empty()) return;
  // A line that was cut, or that stands for all before it: it is its end that counts.
  if (!IsByteForByte(event.payload, size)) {
    return feed(fresh.back().end == range->end ? event.payload : "");
  }
  for (const ByteRange& piece : fresh) {
    feed(event.payload.substr(piece.begin - range->begin, piece.end - piece.begin));
  }
}

void KafkaSource::TellCounts() {
  const PartitionPlaces::Counts& now = places_.counts();
  if (now == told_) return;
  if (now.lost_records > told_.lost_records) {
    LogError(
        "source {}: {} records were deleted from the topic {} before they were read; reading "
        "goes on with the oldest that is left",
        config_.name, now.lost_records - told_.lost_records, config_.kafka.topic);
  }
  if (now.gaps > told_.gaps) {
    LogError(
        "source {}: the topic {} is not the one that was read before: it was deleted and made "
        "again; it is read from its oldest record on",
        config_.name, config_.kafka.topic);
  }
  told_ = now;
}

// What goes to Kafka was in the record of the commit before, or of an earlier one: never ahead.
std::string KafkaSource::SaveState() {
  if (to_note_ != noted_) {
    feed_->Note(to_note_);
    noted_ = to_note_;
  }
  to_note_.clear();
  for (const std::int32_t partition : places_.ours()) {
    if (const auto next = places_.Next(partition)) to_note_.push_back({partition, *next});
  }
  return EncodeKafkaState({config_.kafka.topic, places_.known(), places_.places(), places_.counts(),
                           repeated_bytes_, ends_});
}

bool KafkaSource::RestoreState(std::string_view bytes) {
  auto state = DecodeKafkaState(bytes);
  if (!state) {
    LogError("source {}: {}; the topic is seen for the first time", config_.name,
             state.error().message);
    return false;
  }
  if (state->topic != config_.kafka.topic) return false;  // another topic
  places_.Restore(state->places, state->known_partitions, state->counts);
  told_ = state->counts;
  repeated_bytes_ = state->repeated_bytes;
  ends_ = std::move(state->streams);
  return true;
}

KafkaPartitions KafkaSource::PartitionStates() const {
  KafkaPartitions states = CountPartitions(config_.kafka, sight_);
  const std::uint64_t known = std::max<std::uint64_t>(1, places_.ours().size());
  if (sight_.trouble == Trouble::kMissing) states.missing = std::max(states.missing, known);
  if (sight_.trouble == Trouble::kDenied) states.denied = std::max(states.denied, known);
  if (sight_.trouble == Trouble::kAway) states.away = std::max(states.away, known);
  return states;
}

void KafkaSource::Describe(LiveSource& live) {
  LiveKafka kafka;
  kafka.partitions = PartitionStates();
  kafka.records = records_;
  kafka.lost_records = places_.counts().lost_records;
  kafka.repeated_bytes = repeated_bytes_;
  for (const std::int32_t partition : places_.ours()) {
    const auto next = places_.Next(partition);
    const auto end = feed_->End(partition);
    if (next && end && *end > *next) kafka.lag_records += static_cast<std::uint64_t>(*end - *next);
  }
  live.kafka = kafka;
  live.gaps = places_.counts().gaps;
  live.last_line_timestamp_seconds = last_line_timestamp_;
}

}  // namespace bouncesight
