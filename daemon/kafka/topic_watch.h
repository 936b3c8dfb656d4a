// Asks the brokers what they know of a topic, on a thread of its own since the question may take
// seconds: each kInterval, and each kHurry as long as something is wrong or was complained of.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include <librdkafka/rdkafka.h>

#include "daemon/kafka/client_setup.h"
#include "daemon/kafka/topic_sight.h"
#include "daemon/system/mutex.h"

namespace bouncesight {

// One question, answered within `patience`.
TopicSight AskBrokers(rd_kafka_t* client, const KafkaConfig& config, const ClientTrouble& trouble,
                      std::chrono::milliseconds patience);

// Some questions, until one is answered: what a client complains of is heard of between them, by
// `listen`. One that a broker refuses us by is final; others may come of a broker that does not
// answer while the next one does.
TopicSight AskPatiently(rd_kafka_t* client, const KafkaConfig& config, const ClientTrouble& trouble,
                        const std::function<void()>& listen);

class TopicWatch {
 public:
  static constexpr std::chrono::milliseconds kInterval{10'000};
  static constexpr std::chrono::milliseconds kHurry{1000};
  // For an answer. The end of the daemon waits as long, at most.
  static constexpr std::chrono::milliseconds kPatience{1000};

  // `client` and `trouble` must outlive the watch.
  TopicWatch(rd_kafka_t* client, KafkaConfig config, ClientTrouble& trouble);
  ~TopicWatch();  // waits for a question under way
  TopicWatch(const TopicWatch&) = delete;
  TopicWatch& operator=(const TopicWatch&) = delete;

  TopicSight sight() const;  // as of the last answer

  // From any thread. librdkafka stops to fetch from a broker when enough lies in memory, and until
  // 2.2 looks again up to a second later, though it be counted long before. A question to the
  // partition's leader, whose answer nobody reads, makes it look now.
  void Poke(std::int32_t partition);

 private:
  void Run();
  bool Rest(std::chrono::milliseconds time);
  void AskLeaders(const std::set<std::int32_t>& partitions);

  rd_kafka_t* client_;
  const KafkaConfig config_;
  ClientTrouble& trouble_;
  mutable Mutex mutex_;
  Signal wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::set<std::int32_t> poked_ GUARDED_BY(mutex_);
  TopicSight sight_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace bouncesight
