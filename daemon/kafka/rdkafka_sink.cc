#include "daemon/kafka/rdkafka_sink.h"

#include <array>
#include <utility>

namespace bouncesight {
namespace {

// Log text packs well, and a whole read goes into one batch.
const Properties kSinkDefaults = {{"client.id", "bouncesight"},
                                  {"compression.codec", "lz4"},
                                  {"queue.buffering.max.kbytes", "16384"},
                                  {"reconnect.backoff.max.ms", "2000"},
                                  {"allow.auto.create.topics", "false"}};
// One request under way keeps the order as long as none is tried again. One that waits to be tried
// again may be overtaken when its partition moves: brokers that check an idempotent producer refuse
// the later one, unless it is the first that they see of it. Where one takes it, the reader counts
// the earlier one late (stream_ends.h).
const Properties kSinkFixed = {{"enable.idempotence", "true"},
                               {"enable.gapless.guarantee", "true"},
                               {"acks", "all"},
                               {"max.in.flight.requests.per.connection", "1"},
                               {"delivery.report.only.error", "false"},
                               {"message.timeout.ms", "0"}};

rd_kafka_vu_t Part(rd_kafka_vtype_t type) {
  rd_kafka_vu_t part{};
  part.vtype = type;
  return part;
}

rd_kafka_vu_t Header(const char* name, const std::string& value) {
  rd_kafka_vu_t part = Part(RD_KAFKA_VTYPE_HEADER);
  part.u.header.name = name;
  part.u.header.val = value.data();
  part.u.header.size = static_cast<ssize_t>(value.size());
  return part;
}

rd_kafka_vu_t Bytes(rd_kafka_vtype_t type, const std::string& value) {
  rd_kafka_vu_t part = Part(type);
  // librdkafka takes a copy and does not write to what it is given.
  part.u.mem.ptr = const_cast<char*>(value.data());
  part.u.mem.size = value.size();
  return part;
}

// What librdkafka says of a failure, and what to do where its words do not tell.
std::string Failure(rd_kafka_resp_err_t code, std::string_view said) {
  std::string text(said);
  if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
    text +=
        "; write under `client` the topic's max.message.bytes as message.max.bytes; both must be "
        "131072 or more";
  return text;
}

}  // namespace

Result<std::unique_ptr<RdKafkaSink>> RdKafkaSink::Open(const KafkaConfig& config, std::string host,
                                                       const WatchMaker& make_watch) {
  auto reports = std::make_unique<Reports>();
  auto conf = MakeConf(config, kSinkDefaults, kSinkFixed, *reports);
  if (!conf) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), OnReport);
  auto client = MakeClient(RD_KAFKA_PRODUCER, std::move(*conf), config.topic);
  if (!client) return client.error();
  auto watch = make_watch(client->get(), config, *reports);
  if (!watch) return NoThreadFor(config.topic);
  return std::unique_ptr<RdKafkaSink>(new RdKafkaSink(config, std::move(host), std::move(reports),
                                                      std::move(*client), std::move(watch)));
}

RdKafkaSink::RdKafkaSink(KafkaConfig config, std::string host, std::unique_ptr<Reports> reports,
                         Client client, std::unique_ptr<TopicWatch> watch)
    : config_(std::move(config)),
      host_(std::move(host)),
      reports_(std::move(reports)),
      client_(std::move(client)),
      bell_(rd_kafka_queue_get_main(client_.get())),
      watch_(std::move(watch)) {}

RdKafkaSink::~RdKafkaSink() {
  watch_.reset();
  // What is under way may arrive all the same; it is sent anew, and the reader leaves it out.
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

TopicSight RdKafkaSink::Ask() {
  return AskPatiently(client_.get(), config_, *reports_,
                      [this] { Poll(std::chrono::milliseconds(0)); });
}

RecordSink::Sent RdKafkaSink::Send(std::int32_t partition, const ShipRecord& record,
                                   std::uint64_t number) {
  if (!reports_->failure.empty()) return Sent::kFailed;
  const std::string key = host_ + "/" + record.stream.substr(0, record.stream.find('/'));
  const std::string range = RangeText(record.range);
  rd_kafka_vu_t topic = Part(RD_KAFKA_VTYPE_TOPIC), place = Part(RD_KAFKA_VTYPE_PARTITION);
  rd_kafka_vu_t flags = Part(RD_KAFKA_VTYPE_MSGFLAGS), opaque = Part(RD_KAFKA_VTYPE_OPAQUE);
  topic.u.cstr = config_.topic.c_str();
  place.u.i32 = partition;
  flags.u.i = RD_KAFKA_MSG_F_COPY;
  // A number in the place of a pointer; it is never followed.
  opaque.u.ptr = reinterpret_cast<void*>(static_cast<std::uintptr_t>(number));
  const std::array parts = {topic,
                            place,
                            flags,
                            opaque,
                            Bytes(RD_KAFKA_VTYPE_KEY, key),
                            Bytes(RD_KAFKA_VTYPE_VALUE, record.payload),
                            Header(kHostHeader, host_),
                            Header(kStreamHeader, record.stream),
                            Header(kRangeHeader, range)};
  const bool ranged = record.range.begin < record.range.end;
  rd_kafka_error_t* const error =
      rd_kafka_produceva(client_.get(), parts.data(), parts.size() - (ranged ? 0 : 1));
  if (error == nullptr) return Sent::kTaken;
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  const bool full = code == RD_KAFKA_RESP_ERR__QUEUE_FULL;
  if (!full) reports_->failure = Failure(code, rd_kafka_error_string(error));
  rd_kafka_error_destroy(error);
  return full ? Sent::kNoRoom : Sent::kFailed;
}

const std::vector<std::uint64_t>& RdKafkaSink::Poll(std::chrono::milliseconds patience) {
  reports_->acknowledged.clear();
  rd_kafka_poll(client_.get(), static_cast<int>(patience.count()));
  std::array<char, 512> why{};
  const auto fatal = rd_kafka_fatal_error(client_.get(), why.data(), why.size());
  if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR && reports_->failure.empty()) {
    reports_->failure = why.data();
  }
  return reports_->acknowledged;
}

void RdKafkaSink::OnReport(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* const reports = static_cast<Reports*>(static_cast<ClientTrouble*>(opaque));
  if (!reports->failure.empty()) return;
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    reports->failure = Failure(message->err, rd_kafka_message_errstr(message));
    return;
  }
  // The client concludes from a later answer that this one arrived. So it is with brokers that keep
  // the order of a producer; what arrived once can be sent again all the same.
  if (message->offset < 0) {
    reports->failure = "the brokers have confirmed lines and not said where they stand";
    return;
  }
  reports->acknowledged.push_back(reinterpret_cast<std::uintptr_t>(message->_private));
}

}  // namespace bouncesight
