// Reads a topic of Kafka. Partitions are assigned, never balanced by a group: each belongs to one
// instance, and its place is in the state, in one record with the counters. So no line is lost or
// counted twice across kill -9, moved leaders and brokers that come and go. Kafka is told the
// places as well, one commit late, for tools that show how far a consumer is behind; nothing reads
// them here.
//
// A record is a line, several lines, or JSON of a log shipper; it always ends a line. What a
// shipper puts into Kafka twice is counted twice, unless its headers say which bytes of which log
// it sends (packed_record.h).
//
// The room daemon/kafka:
//
// * kafka_source.h: the source. partition_places.h: where it stands, and what follows from what
//   comes. stream_ends.h: which lines came before, and which are missing. kafka_state.h: all of
//   that as bytes.
// * kafka_feed.h: what comes from Kafka, and what the brokers say; rdkafka_feed.h: by librdkafka.
// * topic_sight.h: what the brokers say of a topic; topic_watch.h: a thread that asks them.
// * client_setup.h: the properties of a librdkafka client, checked.
// * packed_record.h: headers that say where lines come from.
// * shipper.h: the other way, from the files of a host to a topic; ship_stream.h makes records of
//   what is read. record_sink.h: where they go; rdkafka_sink.h: by librdkafka.
// * kafka_access.h: the door to the room; kafka_absent.cc answers in a build without Kafka.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/line_stream.h"
#include "daemon/count/source.h"
#include "daemon/kafka/kafka_feed.h"
#include "daemon/kafka/partition_places.h"
#include "daemon/kafka/stream_ends.h"
#include "daemon/system/clock.h"

namespace bouncesight {

class KafkaSource final : public Source {
 public:
  // All references must outlive the source.
  KafkaSource(SourceConfig config, std::unique_ptr<KafkaFeed> feed, const Clock& clock,
              StreamFactory& streams);

  bool Turn() override;
  bool caught_up() const override { return caught_up_; }
  std::string SaveState() override;
  bool RestoreState(std::string_view state) override;
  void OnNews(const std::function<void()>& wake) override { feed_->OnNews(wake); }
  void Describe(LiveSource& live) override;

 private:
  void TakeSight();
  void TellSight(const TopicSight& sight);
  std::vector<std::int32_t> Ours(std::int32_t& count) const;
  bool NextEvent();
  std::size_t Handle(const KafkaEvent& event);
  std::size_t Count(const KafkaEvent& event, std::uint64_t mark);
  void FeedNew(const KafkaEvent& event, LineStream& lines);
  void TellCounts();
  bool Assign();  // false: refused
  KafkaPartitions PartitionStates() const;

  SourceConfig config_;
  std::unique_ptr<KafkaFeed> feed_;
  const Clock& clock_;
  StreamFactory& streams_;
  std::map<std::int32_t, std::unique_ptr<LineStream>> lines_;  // of each partition
  PartitionPlaces places_;
  StreamEnds ends_;
  TopicSight sight_;
  const std::vector<KafkaEvent>* batch_ = nullptr;
  std::size_t taken_ = 0;  // of the batch
  bool assign_ = false;    // is to be done
  bool caught_up_ = false;
  std::vector<PartitionPlaces::Beginning> noted_;    // given to Kafka
  std::vector<PartitionPlaces::Beginning> to_note_;  // in the state with the next commit
  PartitionPlaces::Counts told_;
  std::uint64_t records_ = 0;
  std::uint64_t repeated_bytes_ = 0;
  double last_line_timestamp_ = 0;
};

}  // namespace bouncesight
