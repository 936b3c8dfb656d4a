#include "daemon/kafka/kafka_access.h"

#include <utility>

#include "daemon/kafka/client_setup.h"
#include "daemon/kafka/kafka_source.h"
#include "daemon/kafka/rdkafka_feed.h"
#include "daemon/kafka/topic_watch.h"

namespace bouncesight {

Result<Worker::SourceMaker> KafkaMaker(const SourceConfig& config, const Clock& clock) {
  auto feed = RdKafkaFeed::Open(config.kafka);
  if (!feed) return Error{"source " + config.name + ": " + feed.error().message};
  auto shared = std::make_shared<std::unique_ptr<RdKafkaFeed>>(std::move(*feed));
  return Worker::SourceMaker(
      [shared, config, &clock](StreamFactory& streams, boost::asio::io_context&) {
        return std::make_unique<KafkaSource>(config, std::move(*shared), clock, streams);
      });
}

KafkaSight LookAtKafka(const KafkaConfig& config) {
  auto feed = RdKafkaFeed::Open(config);
  if (!feed) return {{}, feed.error().message};
  const TopicSight sight = (*feed)->Ask();
  std::string complaint = sight.words;
  if (complaint.empty()) complaint = MissingPartitions(config, sight);
  return {CountPartitions(config, sight), complaint};
}

}  // namespace bouncesight
