// A topic, written by librdkafka: as an idempotent producer, with acknowledgement by all brokers in
// sync, one request under way at a time, and no end to its tries. What waits to be sent is bounded
// by kDefaults (16 MiB).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <librdkafka/rdkafka.h>

#include "daemon/config/output_config.h"
#include "daemon/kafka/client_setup.h"
#include "daemon/kafka/record_sink.h"
#include "daemon/kafka/topic_watch.h"

namespace bouncesight {

class RdKafkaSink final : public RecordSink {
 public:
  // `host`: for the headers and the key. An Error names the property or the file that is wrong.
  static Result<std::unique_ptr<RdKafkaSink>> Open(
      const KafkaConfig& config, std::string host,
      const WatchMaker& make_watch = ThreadWatch::Make);
  ~RdKafkaSink() override;

  // Asks the brokers now, for some seconds at most.
  TopicSight Ask();
  Sent Send(std::int32_t partition, const ShipRecord& record, std::uint64_t number) override;
  void OnNews(std::function<void()> ring) override { bell_.Set(std::move(ring)); }
  const std::vector<std::uint64_t>& Poll(std::chrono::milliseconds patience) override;
  std::string failure() const override { return reports_->failure; }
  TopicSight Look() override { return watch_->sight(); }

 private:
  // Filled in by librdkafka's callbacks, in Poll.
  struct Reports : ClientTrouble {
    std::vector<std::uint64_t> acknowledged;
    std::string failure;
  };
  static void OnReport(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque);

  RdKafkaSink(KafkaConfig config, std::string host, std::unique_ptr<Reports> reports, Client client,
              std::unique_ptr<TopicWatch> watch);

  const KafkaConfig config_;
  const std::string host_;
  std::unique_ptr<Reports> reports_;
  Client client_;
  QueueBell bell_;  // of reports
  std::unique_ptr<TopicWatch> watch_;
};

}  // namespace bouncesight
