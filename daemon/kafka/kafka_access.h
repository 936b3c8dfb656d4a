// The door to Kafka for those outside the room. A build without Kafka has it, too
// (kafka_absent.cc), and answers in words.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/config/config.h"
#include "daemon/count/worker.h"
#include "daemon/kafka/ship_stream.h"
#include "daemon/system/clock.h"
#include "metrics/live.h"

namespace bouncesight {

// Makes the source's client, so that a wrong property or certificate is told at once; whether
// brokers answer is not waited for.
Result<Worker::SourceMaker> KafkaMaker(const SourceConfig& config, const Clock& clock);

struct ShipperParts {
  // Makes a source that reads the same files.
  std::function<std::unique_ptr<Source>(StreamFactory&)> follow;
  EventStreamMaker events;  // where events are sent
};
// The same of what an output sends of a source; `config` has one. A host without a name is called
// as the system is.
Result<Worker::SourceMaker> ShipperMaker(SourceConfig config, const ShipperParts& parts,
                                         const Clock& clock);

struct KafkaSight {
  KafkaPartitions partitions;
  std::string complaint;  // a sentence for a person; empty: all is there
};
// Asks the brokers, for some seconds at most.
KafkaSight LookAtKafka(const KafkaConfig& config);
// The same of an output, with all its partitions.
KafkaSight LookAtOutput(const OutputConfig& output);

}  // namespace bouncesight
