#include "tests/daemon/kafka/fake_rdkafka.h"

#include <map>
#include <utility>

namespace bouncesight {
namespace {

FakeRdKafka* alive = nullptr;

}  // namespace

FakeRdKafka::FakeRdKafka(std::size_t nth, int way, int times)
    : nth_(nth), way_(way), times_(times) {
  alive = this;
}
FakeRdKafka::~FakeRdKafka() { alive = nullptr; }
FakeRdKafka* FakeRdKafka::current() { return alive; }

void FakeRdKafka::Append(std::int32_t partition, Record record) {
  record.time = ++clock_;
  partitions.at(static_cast<std::size_t>(partition)).records.push_back(std::move(record));
}

void FakeRdKafka::DeleteOldest(std::int32_t partition, std::size_t records) {
  Partition& of = partitions.at(static_cast<std::size_t>(partition));
  of.records.erase(of.records.begin(), of.records.begin() + static_cast<std::ptrdiff_t>(records));
  of.begin += static_cast<std::int64_t>(records);
}

int FakeRdKafka::Ask(const std::string& name) {
  if (stopped_ || (!only.empty() && name != only)) return 0;
  calls_.push_back(name);
  if (calls_.size() == nth_) failing_ = name;
  if (name != failing_ || times_ == 0) return 0;
  --times_;
  return way_;
}

const std::vector<int>& KafkaFaultsOf(const std::string& call) {
  using Fake = FakeRdKafka;
  static const std::map<std::string, std::vector<int>> kFaults = {
      {"conf_set", {RD_KAFKA_CONF_UNKNOWN, RD_KAFKA_CONF_INVALID}},
      {"new", {RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE, RD_KAFKA_RESP_ERR__INVALID_ARG}},
      {"topic_new", {Fake::kNothing}},
      {"metadata",
       {RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT,
        RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, Fake::kNothing, Fake::kPartitionLess, Fake::kNoLeaders,
        Fake::kInAnswer + RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        Fake::kInAnswer + RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        Fake::kInAnswer + RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        Fake::kInAnswer + RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT}},
      {"assign",
       {RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__STATE, RD_KAFKA_RESP_ERR__INVALID_ARG,
        Fake::kAndAllOff + RD_KAFKA_RESP_ERR__TIMED_OUT}},
      {"list_offsets", {RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET}},
      {"consume_batch_queue",
       {Fake::kNothing, Fake::kOne, Fake::kNegative, RD_KAFKA_RESP_ERR__TRANSPORT,
        RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
        RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, RD_KAFKA_RESP_ERR__FATAL,
        Fake::kComplaint + RD_KAFKA_RESP_ERR__TRANSPORT,
        Fake::kComplaint + RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        Fake::kComplaint + RD_KAFKA_RESP_ERR__AUTHENTICATION}},
      {"commit",
       {RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__STATE, RD_KAFKA_RESP_ERR__TRANSPORT}},
      {"get_watermark_offsets", {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, Fake::kNegative}},
      {"produceva",
       {RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
        RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__STATE}},
      {"poll",
       {Fake::kNothing, Fake::kOne, Fake::kComplaint + RD_KAFKA_RESP_ERR__TRANSPORT,
        Fake::kComplaint + RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        Fake::kComplaint + RD_KAFKA_RESP_ERR__AUTHENTICATION}},
      {"report",
       {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, Fake::kArrived, Fake::kNowhere}},
      {"fatal_error",
       {RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH}},
  };
  return kFaults.at(call);
}

}  // namespace bouncesight
