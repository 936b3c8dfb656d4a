#include "daemon/kafka/rdkafka_feed.h"

#include <algorithm>
#include <utility>

#include "daemon/kafka/packed_record.h"
#include "daemon/system/log.h"

namespace bouncesight {
namespace {

// What is fetched ahead is bounded: 16 MiB lie in memory, and what one fetch brings beyond that.
// The bounds of a fetch are of packed bytes, and lines that are much alike unpack to fifty times as
// many: so it is a small one of each partition. Without a group, session.timeout.ms is how long the
// end of a client waits for places to be noted where the coordinator of the offsets is away.
const Properties kDefaults = {{"client.id", "bouncesight"},
                              {"group.id", "bouncesight"},
                              {"queued.max.messages.kbytes", "16384"},
                              {"fetch.max.bytes", "8388608"},
                              {"fetch.message.max.bytes", "262144"},
                              {"reconnect.backoff.max.ms", "2000"},
                              {"session.timeout.ms", "1000"},
                              {"allow.auto.create.topics", "false"}};
const Properties kFixed = {{"enable.auto.commit", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"auto.offset.reset", "error"},
                           {"enable.partition.eof", "true"}};

// A part of what lies in memory, so that there is room for the next fetch before all is counted.
constexpr std::size_t kPokeBytes = 4 << 20;

// Brokers and topics that come and go: the watch tells of those.
bool IsSeenByWatch(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
      return true;
    default:
      return false;
  }
}

std::string_view HeaderOf(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR ||
      value == nullptr) {
    return {};
  }
  return {static_cast<const char*>(value), size};
}

}  // namespace

void RdKafkaFeed::FreeList::operator()(rd_kafka_topic_partition_list_t* list) const {
  rd_kafka_topic_partition_list_destroy(list);
}

Result<std::unique_ptr<RdKafkaFeed>> RdKafkaFeed::Open(const KafkaConfig& config,
                                                       const WatchMaker& make_watch) {
  auto trouble = std::make_unique<ClientTrouble>();
  auto conf = MakeConf(config, kDefaults, kFixed, *trouble);
  if (!conf) return conf.error();
  auto client = MakeClient(RD_KAFKA_CONSUMER, std::move(*conf), config.topic);
  if (!client) return client.error();
  auto watch = make_watch(client->get(), config, *trouble);
  if (!watch) return NoThreadFor(config.topic);
  rd_kafka_poll_set_consumer(client->get());
  return std::unique_ptr<RdKafkaFeed>(
      new RdKafkaFeed(config, std::move(trouble), std::move(*client), std::move(watch)));
}

RdKafkaFeed::RdKafkaFeed(KafkaConfig config, std::unique_ptr<ClientTrouble> trouble, Client client,
                         std::unique_ptr<TopicWatch> watch)
    : config_(std::move(config)),
      trouble_(std::move(trouble)),
      client_(std::move(client)),
      bell_(rd_kafka_queue_get_consumer(client_.get())),
      watch_(std::move(watch)) {
  events_.reserve(messages_.size());
}

RdKafkaFeed::~RdKafkaFeed() {
  watch_.reset();
  Release();
}

TopicSight RdKafkaFeed::Ask() {
  return AskPatiently(client_.get(), config_, *trouble_, [this] { Poll(); });
}

RdKafkaFeed::PartitionList RdKafkaFeed::ListOf(
    const std::vector<PartitionPlaces::Beginning>& places) const {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(places.size())));
  for (const auto& place : places) {
    rd_kafka_topic_partition_list_add(list.get(), config_.topic.c_str(), place.partition)->offset =
        place.offset;
  }
  return list;
}

bool RdKafkaFeed::Assign(const std::vector<PartitionPlaces::Beginning>& beginnings) {
  Release();
  const rd_kafka_resp_err_t error = rd_kafka_assign(client_.get(), ListOf(beginnings).get());
  const bool told = std::exchange(assign_error_, error) == error;
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && !told) {
    LogError("the topic {} cannot be read: {}", config_.topic, rd_kafka_err2str(error));
  }
  return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

void RdKafkaFeed::Note(const std::vector<PartitionPlaces::Beginning>& places) {
  if (places.empty()) return;
  // What becomes of it matters to nobody here.
  static_cast<void>(rd_kafka_commit(client_.get(), ListOf(places).get(), 1));
}

const std::vector<KafkaEvent>& RdKafkaFeed::Poll() {
  Release();
  const auto count =
      rd_kafka_consume_batch_queue(bell_.queue(), 0, messages_.data(), messages_.size());
  held_ = static_cast<std::size_t>(std::max<decltype(count)>(0, count));
  for (std::size_t i = 0; i < held_; ++i) Take(*messages_[i]);
  return events_;
}

void RdKafkaFeed::Take(const rd_kafka_message_t& message) {
  KafkaEvent event;
  event.partition = message.partition;
  event.offset = message.offset;
  switch (message.err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      break;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      event.kind = KafkaEvent::Kind::kEnd;
      return events_.push_back(event);
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      event.kind = KafkaEvent::Kind::kOutOfRange;
      return events_.push_back(event);
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
      event.kind = KafkaEvent::Kind::kUnreadable;
      event.payload = rd_kafka_err2str(message.err);  // static
      return events_.push_back(event);
    default:
      return TellTrouble(message);
  }
  told_trouble_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  NoteTaken(message);
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  event.timestamp_ms = rd_kafka_message_timestamp(&message, &type);
  event.payload = {static_cast<const char*>(message.payload), message.len};
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    event.host = HeaderOf(headers, kHostHeader);
    event.stream = HeaderOf(headers, kStreamHeader);
    event.range = HeaderOf(headers, kRangeHeader);
  }
  events_.push_back(event);
}

// Once for each reason, until a record comes.
void RdKafkaFeed::TellTrouble(const rd_kafka_message_t& message) {
  const bool told = std::exchange(told_trouble_, message.err) == message.err;
  if (told || IsSeenByWatch(message.err)) {
    return LogDebug("topic {}: {}", config_.topic, rd_kafka_message_errstr(&message));
  }
  LogError("the topic {} cannot be read, partition {}: {}{}", config_.topic, message.partition,
           rd_kafka_message_errstr(&message),
           message.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
               ? "; give its user the right to read it"
               : "");
}

void RdKafkaFeed::NoteTaken(const rd_kafka_message_t& message) {
  std::size_t& taken = taken_[message.partition];
  taken += message.len;
  if (taken < kPokeBytes) return;
  taken = 0;
  watch_->Poke(message.partition);
}

void RdKafkaFeed::Release() {
  for (; held_ > 0; --held_) rd_kafka_message_destroy(messages_[held_ - 1]);
  events_.clear();
}

std::optional<std::int64_t> RdKafkaFeed::End(std::int32_t partition) {
  std::int64_t low = 0, high = 0;
  const auto error =
      rd_kafka_get_watermark_offsets(client_.get(), config_.topic.c_str(), partition, &low, &high);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return std::nullopt;
  return high;
}

}  // namespace bouncesight
