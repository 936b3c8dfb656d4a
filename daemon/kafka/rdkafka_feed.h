// A topic, read by librdkafka. It fetches ahead on threads of its own, within the bounds that
// client_setup's defaults set, so that a poll finds what has come.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <librdkafka/rdkafka.h>

#include "daemon/kafka/client_setup.h"
#include "daemon/kafka/kafka_feed.h"
#include "daemon/kafka/topic_watch.h"

namespace bouncesight {

class RdKafkaFeed final : public KafkaFeed {
 public:
  // An Error names the property or the file that is wrong.
  static Result<std::unique_ptr<RdKafkaFeed>> Open(
      const KafkaConfig& config, const WatchMaker& make_watch = ThreadWatch::Make);
  ~RdKafkaFeed() override;

  bool Assign(const std::vector<PartitionPlaces::Beginning>& beginnings) override;
  void OnNews(std::function<void()> ring) override { bell_.Set(std::move(ring)); }
  const std::vector<KafkaEvent>& Poll() override;
  // Asks the brokers now, for some seconds at most.
  TopicSight Ask();
  TopicSight Look() override { return watch_->sight(); }
  void Note(const std::vector<PartitionPlaces::Beginning>& places) override;
  std::optional<std::int64_t> End(std::int32_t partition) override;

 private:
  struct FreeList {
    void operator()(rd_kafka_topic_partition_list_t* list) const;
  };
  using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, FreeList>;

  RdKafkaFeed(KafkaConfig config, std::unique_ptr<ClientTrouble> trouble, Client client,
              std::unique_ptr<TopicWatch> watch);

  PartitionList ListOf(const std::vector<PartitionPlaces::Beginning>& places) const;
  void Take(const rd_kafka_message_t& message);
  void TellTrouble(const rd_kafka_message_t& message);
  void NoteTaken(const rd_kafka_message_t& message);
  void Release();

  KafkaConfig config_;
  std::unique_ptr<ClientTrouble> trouble_;
  Client client_;
  QueueBell bell_;  // of all that comes
  std::unique_ptr<TopicWatch> watch_;
  std::map<std::int32_t, std::size_t> taken_;        // bytes of each partition since it was poked
  std::array<rd_kafka_message_t*, 256> messages_{};  // those of events_
  std::size_t held_ = 0;
  rd_kafka_resp_err_t assign_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;  // of the last time
  rd_kafka_resp_err_t told_trouble_ = RD_KAFKA_RESP_ERR_NO_ERROR;  // since the last record
  std::vector<KafkaEvent> events_;
};

}  // namespace bouncesight
