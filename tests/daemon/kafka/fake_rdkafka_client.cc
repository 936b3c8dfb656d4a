#include "tests/daemon/kafka/fake_rdkafka_client.h"

#include <memory>
#include <utility>

namespace bouncesight {
namespace {

std::unique_ptr<FakeMessage> NewMessage(std::int32_t partition, std::int64_t offset, int code) {
  auto message = std::make_unique<FakeMessage>();
  static_cast<rd_kafka_message_t&>(*message) = {};
  message->partition = partition;
  message->offset = offset;
  message->err = CodeOf(code);
  return message;
}

std::unique_ptr<FakeMessage> MessageOf(std::int32_t partition, std::int64_t offset,
                                       const FakeRdKafka::Record& record) {
  auto message = NewMessage(
      partition, offset, record.damaged ? RD_KAFKA_RESP_ERR__BAD_MSG : RD_KAFKA_RESP_ERR_NO_ERROR);
  if (record.damaged) return message;
  message->record = record;
  message->payload = message->record.text.data();
  message->len = message->record.text.size();
  if (!record.host.empty()) {
    message->headers.values = {{"bouncesight-host", record.host},
                               {"bouncesight-stream", record.stream},
                               {"bouncesight-range", record.range}};
  }
  return message;
}

// What a consumer has fetched, as one batch.
class Batch {
 public:
  Batch(FakeRdKafka& kafka, rd_kafka_t& client, rd_kafka_message_t** messages, std::size_t room)
      : kafka_(kafka), client_(client), messages_(messages), room_(room) {}

  std::size_t Fill() {
    for (auto& [number, fetch] : client_.fetches) {
      const auto index = static_cast<std::size_t>(number);
      if (index >= kafka_.partitions.size() || !kafka_.partitions[index].has_leader) continue;
      if (!fetch.stopped) Fetch(number, kafka_.partitions[index], fetch);
    }
    return size_;
  }
  void Add(std::unique_ptr<FakeMessage> message) { messages_[size_++] = message.release(); }

 private:
  bool full() const { return size_ == room_; }

  void Fetch(std::int32_t number, const FakeRdKafka::Partition& partition,
             rd_kafka_t::Fetch& fetch) {
    if (full()) return;
    if (fetch.position < 0 && kafka_.Ask("list_offsets") != 0) return Stop(number, fetch);
    if (fetch.position == RD_KAFKA_OFFSET_BEGINNING) fetch.position = partition.begin;
    if (fetch.position == RD_KAFKA_OFFSET_END) fetch.position = partition.end();
    if (fetch.position < partition.begin || fetch.position > partition.end()) {
      return Stop(number, fetch);
    }
    for (; fetch.position < partition.end() && !full(); ++fetch.position) {
      Add(MessageOf(number, fetch.position, partition.at(fetch.position)));
      fetch.ended = false;
    }
    if (full() || fetch.ended) return;
    fetch.ended = true;
    Add(NewMessage(number, fetch.position, RD_KAFKA_RESP_ERR__PARTITION_EOF));
  }

  void Stop(std::int32_t number, rd_kafka_t::Fetch& fetch) {
    fetch.stopped = true;
    Add(NewMessage(number, fetch.position, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET));
  }

  FakeRdKafka& kafka_;
  rd_kafka_t& client_;
  rd_kafka_message_t** messages_;
  std::size_t room_;
  std::size_t size_ = 0;
};

}  // namespace

void Complain(rd_kafka_t& client, int code) {
  client.callbacks.error(&client, code, ::rd_kafka_err2str(CodeOf(code)), client.callbacks.opaque);
}

std::size_t FillBatch(FakeRdKafka& kafka, rd_kafka_t& client, rd_kafka_message_t** messages,
                      std::size_t most, int way) {
  Batch batch(kafka, client, messages, way == FakeRdKafka::kOne ? 1 : most);
  if (way != 0 && way != FakeRdKafka::kOne) batch.Add(NewMessage(0, 0, way));
  return batch.Fill();
}

// A producer that keeps the order at any price: behind a record that failed none arrives.
void ReportSent(FakeRdKafka& kafka, rd_kafka_t& client) {
  const rd_kafka_t::Sent sent = std::move(client.under_way.front());
  client.under_way.pop_front();
  int way =
      client.fatal != RD_KAFKA_RESP_ERR_NO_ERROR ? RD_KAFKA_RESP_ERR__FATAL : kafka.Ask("report");
  const auto index = static_cast<std::size_t>(sent.partition);
  if (index >= kafka.partitions.size()) way = RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
  const bool arrives = way == 0 || way == FakeRdKafka::kArrived || way == FakeRdKafka::kNowhere;
  const std::int64_t offset = arrives ? kafka.partitions[index].end() : -1;
  if (arrives) kafka.Append(sent.partition, sent.record);
  const auto message = NewMessage(sent.partition, offset, arrives ? 0 : way);
  if (way == FakeRdKafka::kArrived) message->err = RD_KAFKA_RESP_ERR__MSG_TIMED_OUT;
  if (way == FakeRdKafka::kNowhere) message->offset = -1;
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
    client.fatal = RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE;
  message->_private = sent.opaque;
  client.callbacks.report(&client, message.get(), client.callbacks.opaque);
}

rd_kafka_t::Sent SentOf(const rd_kafka_vu_t* parts, std::size_t count) {
  rd_kafka_t::Sent sent;
  for (const rd_kafka_vu_t* part = parts; part != parts + count; ++part) {
    const auto text = [](const auto& bytes, std::size_t size) {
      return std::string(static_cast<const char*>(bytes), size);
    };
    if (part->vtype == RD_KAFKA_VTYPE_PARTITION) sent.partition = part->u.i32;
    if (part->vtype == RD_KAFKA_VTYPE_OPAQUE) sent.opaque = part->u.ptr;
    if (part->vtype == RD_KAFKA_VTYPE_VALUE) {
      sent.record.text = text(part->u.mem.ptr, part->u.mem.size);
    }
    if (part->vtype != RD_KAFKA_VTYPE_HEADER) continue;
    const std::string name = part->u.header.name;
    const std::string value =
        text(part->u.header.val, static_cast<std::size_t>(part->u.header.size));
    if (name == "bouncesight-host") sent.record.host = value;
    if (name == "bouncesight-stream") sent.record.stream = value;
    if (name == "bouncesight-range") sent.record.range = value;
  }
  return sent;
}

FakeAnswer* NewAnswer(const FakeRdKafka& kafka, int way) {
  auto answer = std::make_unique<FakeAnswer>();
  static_cast<rd_kafka_metadata_t&>(*answer) = {};
  for (const FakeRdKafka::Partition& partition : kafka.partitions) {
    rd_kafka_metadata_partition_t known{};
    known.id = static_cast<std::int32_t>(answer->list.size());
    known.leader = partition.has_leader && way != FakeRdKafka::kNoLeaders ? 1 : -1;
    answer->list.push_back(known);
  }
  if (way == FakeRdKafka::kPartitionLess && !answer->list.empty()) answer->list.pop_back();
  if (IsOf(way, FakeRdKafka::kInAnswer)) {
    answer->topic.err = CodeOf(way - FakeRdKafka::kInAnswer);
    answer->list.clear();
  }
  answer->topic.partitions = answer->list.data();
  answer->topic.partition_cnt = static_cast<int>(answer->list.size());
  answer->topics = &answer->topic;
  answer->topic_cnt = way == FakeRdKafka::kNothing ? 0 : 1;
  return answer.release();
}

}  // namespace bouncesight
