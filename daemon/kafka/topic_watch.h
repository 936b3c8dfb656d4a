// Asks the brokers what they know of a topic.
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

// One question, answered within `patience`. An answer that all is well clears `trouble`.
TopicSight AskBrokers(rd_kafka_t* client, const KafkaConfig& config, ClientTrouble& trouble,
                      std::chrono::milliseconds patience);

// Some questions, until one is answered: what a client complains of is heard of between them, by
// `listen`. One that a broker refuses us by is final; others may come of a broker that does not
// answer while the next one does.
TopicSight AskPatiently(rd_kafka_t* client, const KafkaConfig& config, ClientTrouble& trouble,
                        const std::function<void()>& listen);

class TopicWatch {
 public:
  virtual ~TopicWatch() = default;

  virtual TopicSight sight() const = 0;  // as of the last answer

  // From any thread. librdkafka stops to fetch from a broker when enough lies in memory, and until
  // 2.2 looks again up to a second later, though it be counted long before. A question to the
  // partition's leader, whose answer nobody reads, makes it look now.
  virtual void Poke(std::int32_t partition) = 0;
};

// `client` and `trouble` must outlive the watch. Null: the system gives no thread for it.
using WatchMaker = std::function<std::unique_ptr<TopicWatch>(
    rd_kafka_t* client, const KafkaConfig& config, ClientTrouble& trouble)>;

// On a thread of its own, since the question may take seconds: each kInterval, and each kHurry as
// long as something is wrong or was complained of.
class ThreadWatch final : public TopicWatch {
 public:
  static constexpr std::chrono::milliseconds kInterval{10'000};
  static constexpr std::chrono::milliseconds kHurry{1000};
  // For an answer. The end of the daemon waits as long, at most.
  static constexpr std::chrono::milliseconds kPatience{1000};

  static std::unique_ptr<TopicWatch> Make(rd_kafka_t* client, const KafkaConfig& config,
                                          ClientTrouble& trouble);

  ~ThreadWatch() override;  // waits for a question under way
  ThreadWatch(const ThreadWatch&) = delete;
  ThreadWatch& operator=(const ThreadWatch&) = delete;

  TopicSight sight() const override;
  void Poke(std::int32_t partition) override;

 private:
  ThreadWatch(rd_kafka_t* client, KafkaConfig config, ClientTrouble& trouble);
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
