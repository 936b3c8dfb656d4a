// The properties of a librdkafka client, and its life. A password is in no message here, and in
// none of librdkafka's that we pass on: it does not print values of properties.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <librdkafka/rdkafka.h>

#include "daemon/config/kafka_config.h"
#include "daemon/kafka/topic_sight.h"
#include "daemon/system/mutex.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct FreeConf {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
// The end of a client waits for answers under way, and a broker that hangs gives none for a minute.
// Neither a reload nor the end of the daemon waits for that: after a second the client ends on a
// thread that nobody waits for.
struct FreeClient {
  void operator()(rd_kafka_t* client) const;
};
using ClientConf = std::unique_ptr<rd_kafka_conf_t, FreeConf>;
using Client = std::unique_ptr<rd_kafka_t, FreeClient>;

// Tells when a queue of a client that was empty is so no more.
class QueueBell {
 public:
  explicit QueueBell(rd_kafka_queue_t* queue) : queue_(queue) {}
  ~QueueBell();  // it does not ring from then on
  QueueBell(const QueueBell&) = delete;
  QueueBell& operator=(const QueueBell&) = delete;

  // At most once. `ring` is called on threads of librdkafka.
  void Set(std::function<void()> ring);
  rd_kafka_queue_t* queue() const { return queue_.get(); }

 private:
  struct FreeQueue {
    void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  };
  std::unique_ptr<rd_kafka_queue_t, FreeQueue> queue_;
  std::function<void()> ring_;
};

// What a client complained of last, on whatever thread it did.
class ClientTrouble {
 public:
  void Note(rd_kafka_resp_err_t error, std::string_view reason);
  void Clear();
  bool any() const;
  // In words, with what to do; `instead` where nothing was noted.
  TopicSight Sight(const std::string& brokers, std::string_view instead) const;

 private:
  mutable Mutex mutex_;
  rd_kafka_resp_err_t error_ GUARDED_BY(mutex_) = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string reason_ GUARDED_BY(mutex_);
};

using Properties = std::vector<std::pair<const char*, const char*>>;

// `defaults` can be overruled under `client:`, `fixed` cannot (kafka_config.cc refuses them). An
// Error names the property, never its value. `trouble` outlives the client.
Result<ClientConf> MakeConf(const KafkaConfig& config, const Properties& defaults,
                            const Properties& fixed, ClientTrouble& trouble);
// An Error says why; certificates that cannot be read, for one.
Result<Client> MakeClient(rd_kafka_type_t type, ClientConf conf, const std::string& topic);

// What to say where a client would have no thread of ours.
Error NoThreadFor(const std::string& topic);

std::string BrokersOf(const KafkaConfig& config);  // "a:9092,b:9092"

}  // namespace bouncesight
