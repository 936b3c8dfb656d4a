// Sends the lines of a source's files to a topic of Kafka, so that whoever reads the topic
// (kafka_source.h) counts each of them once, over kill -9 of either side and of brokers.
//
// It is a second follower of the same files, beside the one whose lines are counted, with a place
// of its own in the state. That costs a second read out of the page cache (and, of events, a second
// look at each line): the counting does not wait for brokers, all that is known of rotated, copied
// and cut files serves both, and after a crash each goes on from its own place. (To hand on the
// lines that the counting reads would need both places in one follower, and a second reader all the
// same for what lies between.)
//
// The place moves only when the brokers have acknowledged: now and then the follower's state is put
// aside together with the number of records sent by then; when all of those are acknowledged, that
// state is the place. What a crash makes us send again has the same stream and range in its headers
// (ship_stream.h), and the reader leaves it out. So it is when the client gives up (a record
// refused, a partition gone): all starts anew from the place, with a new client, as after a crash.
//
// All records of a source go to one partition, chosen when the source is first sent and kept in the
// state: a topic that grows must not make later lines overtake earlier ones.
//
// What waits for a broker is bounded by the client (16 MiB) and one turn's reading; then reading
// stops. So it does when kMostUnsaved was read since the state was last asked for: what a crash
// repeats must stay below what a reader remembers (stream_ends.h).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/source.h"
#include "daemon/kafka/record_sink.h"
#include "daemon/kafka/ship_stream.h"
#include "daemon/system/backoff.h"
#include "daemon/system/clock.h"
#include "parsers/event/result.h"

namespace bouncesight {

class Shipper final : public Source {
 public:
  using FollowerMaker = std::function<std::unique_ptr<Source>(StreamFactory&)>;
  using SinkMaker = std::function<Result<std::unique_ptr<RecordSink>>()>;

  static constexpr std::uint64_t kMostUnsaved = 64ULL << 20;  // bytes
  // The log tells when for so long nothing was acknowledged of what was sent, or nothing was there
  // to be sent since the start.
  static constexpr std::chrono::seconds kSilence{60};
  // So long may the last records take when the daemon ends.
  static constexpr std::chrono::milliseconds kFarewell{300};

  // `config` has an output. `sink` is the first one, `make_sink` gives the next after a failure.
  // `events`: where the output sends events. `clock` must outlive the shipper, and what `follow`
  // makes.
  Shipper(const SourceConfig& config, FollowerMaker follow, std::unique_ptr<RecordSink> sink,
          SinkMaker make_sink, EventStreamMaker events, const Clock& clock);

  bool Turn() override;
  bool caught_up() const override { return true; }  // counters do not wait for a broker
  std::string SaveState() override;
  bool RestoreState(std::string_view state) override;
  void OnNews(const std::function<void()>& wake) override;
  void Farewell() override;
  void Describe(LiveSource& live) override;

 private:
  struct Sent {
    std::uint64_t bytes = 0, lines = 0;
    bool acknowledged = false;
  };
  struct Place {
    std::string follower;  // its state; empty: none yet
    BegunLogs begun;
  };
  struct Snapshot {
    Place place;
    std::uint64_t sent = 0;  // all records before this number are in it
  };

  void Begin();
  bool HasSink();
  void TakeReports(std::chrono::milliseconds patience);
  void TakeSight();
  void ChoosePartition();
  bool SendWaiting();
  void TakeSnapshot();
  void StartOver();
  void Tell(const std::string& trouble);
  void NoteAcknowledged();
  void LookForSilence();
  Place PlaceNow();
  std::uint64_t Lag() const;

  const std::string source_;  // the source whose files these are
  const OutputConfig output_;
  FollowerMaker follow_;
  SinkMaker make_sink_;
  const Clock& clock_;
  ShipStreams streams_;
  std::function<void()> wake_;
  std::unique_ptr<Source> follower_;
  std::unique_ptr<RecordSink> sink_;  // null: failed, and is not made anew yet
  std::int32_t partition_ = -1;       // -1: not chosen yet
  Place place_;                       // that is acknowledged
  std::optional<Snapshot> snapshot_;  // that waits for its acknowledgements
  std::deque<ShipRecord> waiting_;    // read, and not taken by the sink yet
  std::deque<Sent> sent_;             // not acknowledged, or behind one that is not
  std::uint64_t first_sent_ = 0;      // the number of the front of sent_
  std::uint64_t snapped_ = 0;         // the newest snapshot has all records before this number
  std::uint64_t unsaved_ = 0;         // bytes read since SaveState
  std::uint64_t lost_bytes_ = 0, gaps_ = 0;   // the most that a follower has told
  std::optional<std::uint64_t> stalled_lag_;  // until the follower reads again after a failure
  Backoff backoff_;
  TopicSight sight_;
  std::vector<std::string> told_;  // of the trouble that lasts; empty: all is well
  // Of kSilence; none: it was told, or nothing is under way.
  std::optional<std::chrono::steady_clock::time_point> silent_since_;
  double last_acknowledged_ = 0;  // Unix time; 0: not since the start
  struct {
    std::uint64_t lines = 0, records = 0, bytes = 0, failures = 0;
  } counts_;  // since the start
};

}  // namespace bouncesight
