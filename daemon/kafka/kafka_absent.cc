// The door to Kafka in a build without it (-DBOUNCESIGHT_KAFKA=OFF). The configuration refuses
// `type: kafka` before anybody comes here.
#include "daemon/kafka/kafka_access.h"

namespace bouncesight {
namespace {

constexpr const char* kAbsent = "this program was built without Kafka; install one built with it";

}  // namespace

Result<Worker::SourceMaker> KafkaMaker(const SourceConfig& config, const Clock&) {
  return Error{"source " + config.name + ": " + kAbsent};
}

// As the other one takes it, which keeps it. NOLINTNEXTLINE(performance-unnecessary-value-param)
Result<Worker::SourceMaker> ShipperMaker(SourceConfig config, const ShipperParts&, const Clock&) {
  return Error{"output to " + config.name + ": " + kAbsent};
}

KafkaSight LookAtOutput(const OutputConfig&) { return {{}, kAbsent}; }

KafkaSight LookAtKafka(const KafkaConfig&) { return {{}, kAbsent}; }

}  // namespace bouncesight
