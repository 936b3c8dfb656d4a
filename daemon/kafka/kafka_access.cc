#include "daemon/kafka/kafka_access.h"

#include <utility>

#include "daemon/kafka/client_setup.h"
#include "daemon/kafka/kafka_source.h"
#include "daemon/kafka/rdkafka_feed.h"
#include "daemon/kafka/rdkafka_sink.h"
#include "daemon/kafka/shipper.h"
#include "daemon/kafka/topic_watch.h"
#include "daemon/system/host_name.h"

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

Result<Worker::SourceMaker> ShipperMaker(SourceConfig config, const ShipperParts& parts,
                                         const Clock& clock) {
  OutputConfig& output = *config.output;
  if (output.host.empty()) output.host = HostName();
  const Shipper::SinkMaker make = [output]() -> Result<std::unique_ptr<RecordSink>> {
    auto sink = RdKafkaSink::Open(output.kafka, output.host);
    if (!sink) return sink.error();
    return std::unique_ptr<RecordSink>(std::move(*sink));
  };
  auto first = make();
  if (!first) return Error{"output to " + output.kafka.topic + ": " + first.error().message};
  auto shared = std::make_shared<std::unique_ptr<RecordSink>>(std::move(*first));
  return Worker::SourceMaker([=, &clock](StreamFactory&, boost::asio::io_context&) {
    return std::make_unique<Shipper>(config, parts.follow, std::move(*shared), make, parts.events,
                                     clock);
  });
}

KafkaSight LookAtOutput(const OutputConfig& output) {
  auto sink = RdKafkaSink::Open(output.kafka, output.host);
  if (!sink) return {{}, sink.error().message};
  const TopicSight sight = (*sink)->Ask();
  std::string complaint = sight.words;
  if (complaint.empty()) complaint = MissingPartitions(output.kafka, sight);
  return {CountPartitions(output.kafka, sight), complaint};
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
