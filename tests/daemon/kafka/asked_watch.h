// A watch that asks whenever somebody wants to know, instead of a thread.
#pragma once

#include <memory>
#include <utility>

#include "daemon/kafka/topic_watch.h"

namespace bouncesight {

class AskedWatch final : public TopicWatch {
 public:
  AskedWatch(rd_kafka_t* client, KafkaConfig config, ClientTrouble& trouble)
      : client_(client), config_(std::move(config)), trouble_(trouble) {}
  static std::unique_ptr<TopicWatch> Make(rd_kafka_t* client, const KafkaConfig& config,
                                          ClientTrouble& trouble) {
    return std::make_unique<AskedWatch>(client, config, trouble);
  }

  TopicSight sight() const override {
    return AskBrokers(client_, config_, trouble_, std::chrono::seconds(1));
  }
  void Poke(std::int32_t) override {}

 private:
  rd_kafka_t* client_;
  const KafkaConfig config_;
  ClientTrouble& trouble_;
};

}  // namespace bouncesight
