#include "daemon/kafka/shipper.h"

#include <algorithm>
#include <utility>

#include "daemon/config/partition_choice.h"
#include "daemon/config/shipment_name.h"
#include "daemon/system/log.h"
#include "metrics/byte_codec.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

using Trouble = TopicSight::Trouble;
using namespace std::chrono_literals;

// Other than that of every other kind of source. daemon/STATE.md describes what follows.
constexpr std::string_view kShipperKind = "p";

}  // namespace

Shipper::Shipper(const SourceConfig& config, FollowerMaker follow, std::unique_ptr<RecordSink> sink,
                 SinkMaker make_sink, EventStreamMaker events, const Clock& clock)
    : source_(SourceOf(config.name)),
      output_(config.output.value_or(OutputConfig{})),
      follow_(std::move(follow)),
      make_sink_(std::move(make_sink)),
      clock_(clock),
      streams_(config, std::move(events),
               [this](ShipRecord record) {
                 unsaved_ += record.payload.size();
                 waiting_.push_back(std::move(record));
               }),
      sink_(std::move(sink)),
      silent_since_(clock.Steady()) {}

bool Shipper::Turn() {
  Begin();
  LookForSilence();
  if (!HasSink()) return false;
  TakeReports(0ms);
  TakeSight();
  if (!sink_ || partition_ < 0) return false;
  if (!SendWaiting()) return false;  // no room: other sources of the worker have their turns
  if (unsaved_ >= kMostUnsaved) return false;
  const bool more = follower_->Turn();
  stalled_lag_.reset();
  const bool room = SendWaiting();
  TakeSnapshot();
  return more && room;
}

// The first time, where reading begins is the place, before anything is read.
void Shipper::Begin() {
  if (follower_) return;
  if (place_.follower.empty()) {
    StandingStreams standing;
    const std::unique_ptr<Source> first = follow_(standing);
    first->Turn();
    place_.follower = first->SaveState();
  }
  streams_.SetBegun(place_.begun);
  follower_ = follow_(streams_);
  follower_->RestoreState(place_.follower);
}

bool Shipper::HasSink() {
  if (sink_) return true;
  if (!backoff_.Due(clock_.Steady())) return false;
  auto sink = make_sink_();
  if (!sink) {
    Tell("cannot send to the topic " + output_.kafka.topic + ": " + sink.error().message);
    backoff_.Fail(clock_.Steady());
    return false;
  }
  sink_ = std::move(*sink);
  if (wake_) sink_->OnNews(wake_);
  return true;
}

void Shipper::OnNews(const std::function<void()>& wake) {
  wake_ = wake;
  if (sink_) sink_->OnNews(wake_);
}

void Shipper::TakeReports(std::chrono::milliseconds patience) {
  if (!sink_) return;
  for (const std::uint64_t number : sink_->Poll(patience)) {
    if (number >= first_sent_) sent_[number - first_sent_].acknowledged = true;
  }
  for (; !sent_.empty() && sent_.front().acknowledged; sent_.pop_front(), ++first_sent_) {
    counts_.bytes += sent_.front().bytes;
    counts_.lines += sent_.front().lines;
    ++counts_.records;
    NoteAcknowledged();
  }
  // Not at each record: those in front of one that is refused arrive each time anew.
  if (snapshot_ && first_sent_ >= snapshot_->sent) {
    place_ = std::move(snapshot_->place);
    snapshot_.reset();
    backoff_.Succeed();
  }
  if (!sink_->failure().empty()) StartOver();
}

// Of the front of sent_.
void Shipper::NoteAcknowledged() {
  last_acknowledged_ = std::chrono::duration<double>(clock_.Wall().time_since_epoch()).count();
  silent_since_.reset();
  if (sent_.size() > 1) silent_since_ = clock_.Steady();
}

// What is wrong with the topic is told where it is seen. This is of brokers that answer and take
// nothing, and of logs that give nothing.
void Shipper::LookForSilence() {
  if (!silent_since_ || clock_.Steady() - *silent_since_ < kSilence) return;
  silent_since_.reset();
  if (!sent_.empty()) {
    LogWarning(
        "source {}: for a minute the brokers have acknowledged nothing of what is sent to the "
        "topic {}; {} bytes wait",
        source_, output_.kafka.topic, Lag());
  } else if (counts_.records == 0 && sight_.trouble == Trouble::kNone) {
    LogWarning("source {}: nothing was there to be sent to the topic {} for a minute: {}", source_,
               output_.kafka.topic,
               output_.send == OutputConfig::Send::kLines
                   ? "nobody wrote to its files, or they are not there"
                   : "no line of its files reported what is sent");
  }
}

// Each sentence once in an outage: brokers that are all away complain in turns.
void Shipper::Tell(const std::string& trouble) {
  constexpr std::size_t kMostSentences = 8;
  if (told_.size() >= kMostSentences || std::ranges::count(told_, trouble) > 0) return;
  LogError("source {}: {}", source_, trouble);
  told_.push_back(trouble);
}

void Shipper::StartOver() {
  ++counts_.failures;
  const std::string why = "sending to the topic " + output_.kafka.topic +
                          " has failed: " + sink_->failure() +
                          "; it begins anew after the last acknowledged line";
  Tell(why);
  stalled_lag_ = Lag();
  sink_.reset();
  follower_.reset();
  snapshot_.reset();
  // All of that is read again.
  for (const Sent& sent : sent_) unsaved_ -= std::min(unsaved_, sent.bytes);
  for (const ShipRecord& record : waiting_) {
    unsaved_ -= std::min<std::uint64_t>(unsaved_, record.payload.size());
  }
  waiting_.clear();
  first_sent_ += sent_.size();
  snapped_ = first_sent_;
  sent_.clear();
  sight_ = {};
  backoff_.Fail(clock_.Steady());
}

void Shipper::TakeSight() {
  if (!sink_) return;
  TopicSight sight = sink_->Look();
  if (sight.trouble == Trouble::kUnknown) return;
  if (sight.trouble != Trouble::kNone) {
    Tell("cannot send: " + sight.words);
  } else if (!told_.empty() && backoff_.failures() == 0) {
    LogInfo("source {}: lines go to the topic {} again", source_, output_.kafka.topic);
    told_.clear();
  }
  sight_ = std::move(sight);
  ChoosePartition();
}

// One that the topic has not is of a topic that was made anew, with fewer.
void Shipper::ChoosePartition() {
  const auto count = static_cast<std::int32_t>(sight_.partitions.size());
  if (sight_.trouble != Trouble::kNone || (partition_ >= 0 && partition_ < count)) return;
  const std::uint64_t hash = StableHash(output_.host + "/" + source_);
  partition_ = static_cast<std::int32_t>(MixBits(hash) % static_cast<std::uint64_t>(count));
}

bool Shipper::SendWaiting() {
  while (sink_ && !waiting_.empty()) {
    const ShipRecord& record = waiting_.front();
    const auto sent = sink_->Send(partition_, record, first_sent_ + sent_.size());
    if (sent == RecordSink::Sent::kFailed) StartOver();
    if (sent != RecordSink::Sent::kTaken) return false;
    if (sent_.empty()) silent_since_ = clock_.Steady();
    sent_.push_back({record.payload.size(), record.lines});
    waiting_.pop_front();
  }
  return sink_ != nullptr;
}

// What waits is read and not sent: it must be sent before it may be in a place.
void Shipper::TakeSnapshot() {
  const std::uint64_t sent = first_sent_ + sent_.size();
  if (!sink_ || snapshot_ || !waiting_.empty() || sent == snapped_) return;
  snapshot_ = Snapshot{PlaceNow(), sent};
  snapped_ = sent;
}

Shipper::Place Shipper::PlaceNow() { return {follower_->SaveState(), streams_.begun()}; }

void Shipper::Farewell() {
  if (!sink_) return;
  const auto end = clock_.Steady() + kFarewell;
  while (sink_ && !sent_.empty() && clock_.Steady() < end) TakeReports(20ms);
}

// With nothing under way the place is where the follower stands: it reads on without sending where
// there are no failures, and notes rotations.
std::string Shipper::SaveState() {
  unsaved_ = 0;
  if (follower_ && sent_.empty() && waiting_.empty()) place_ = PlaceNow();
  ByteWriter out;
  out.Raw(kShipperKind);
  out.Number(static_cast<std::uint64_t>(std::int64_t{partition_} + 1));
  out.String(place_.follower);
  place_.begun.Write(out);
  return out.Take();
}

bool Shipper::RestoreState(std::string_view bytes) {
  ByteReader in(bytes);
  const bool known = in.Raw(kShipperKind.size()) == kShipperKind;
  const auto partition = static_cast<std::int32_t>(in.Bounded(PartitionChoice::kMost)) - 1;
  Place place{std::string(in.String()), {}};
  if (!in.at_end()) place.begun.Read(in);  // not in the state of earlier versions
  if (!known || !in.ok() || !in.at_end()) {
    LogError(
        "source {}: the place of what was sent to {} cannot be read; it is sent as if for the "
        "first time",
        source_, output_.kafka.topic);
    return false;
  }
  partition_ = partition;
  place_ = std::move(place);
  return true;
}

std::uint64_t Shipper::Lag() const {
  if (stalled_lag_) return *stalled_lag_;
  LiveSource followed;
  if (follower_) follower_->Describe(followed);
  std::uint64_t lag = followed.lag_bytes.value_or(0);
  for (const Sent& sent : sent_) lag += sent.acknowledged ? 0 : sent.bytes;
  for (const ShipRecord& record : waiting_) lag += record.payload.size();
  return lag;
}

void Shipper::Describe(LiveSource& live) {
  LiveShipper shipper;
  shipper.source = source_;
  shipper.topic = output_.kafka.topic;
  shipper.lines = counts_.lines;
  shipper.records = counts_.records;
  shipper.bytes = counts_.bytes;
  shipper.failures = counts_.failures;
  shipper.up = sink_ != nullptr && sight_.trouble == Trouble::kNone;
  shipper.lag_bytes = Lag();
  LiveSource followed;
  if (follower_) follower_->Describe(followed);
  // A follower that starts anew finds again what was lost behind its place.
  lost_bytes_ = std::max(lost_bytes_, followed.lost_bytes.value_or(0));
  gaps_ = std::max(gaps_, followed.gaps.value_or(0));
  shipper.lost_bytes = lost_bytes_;
  shipper.gaps = gaps_;
  shipper.partitions = CountPartitions(output_.kafka, sight_);
  shipper.last_acknowledged_timestamp_seconds = last_acknowledged_;
  live.shipper = std::move(shipper);
}

}  // namespace bouncesight
