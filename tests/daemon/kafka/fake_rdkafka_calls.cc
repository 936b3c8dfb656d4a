// The functions of librdkafka's names, which come before the library's: with no FakeRdKafka alive
// they hand on to it.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include <dlfcn.h>

#include "daemon/system/mutex.h"
#include "tests/daemon/kafka/fake_rdkafka_client.h"

namespace bouncesight {
namespace {

// Clients, which may end on a thread of their own, after the test.
Mutex clients_mutex;
std::set<const rd_kafka_t*>& Clients() {
  static std::set<const rd_kafka_t*> clients;
  return clients;
}

template <typename Function>
Function* Library(const char* name, Function*) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace
}  // namespace bouncesight

using bouncesight::Clients;
using bouncesight::clients_mutex;
using bouncesight::CodeOf;
using bouncesight::Complain;
using bouncesight::FakeAnswer;
using bouncesight::FakeMessage;
using bouncesight::FakeRdKafka;
using bouncesight::FillBatch;
using bouncesight::IsOf;
using bouncesight::Library;
using bouncesight::MutexLock;
using bouncesight::NewAnswer;
using bouncesight::ReportSent;
using bouncesight::SentOf;

#define HAND_ON_WITHOUT_FAKE(function, ...)          \
  FakeRdKafka* const kafka = FakeRdKafka::current(); \
  if (kafka == nullptr) return Library(#function, &::function)(__VA_ARGS__)

extern "C" {

rd_kafka_conf_res_t rd_kafka_conf_set(rd_kafka_conf_t* conf, const char* name, const char* value,
                                      char* why, size_t size) {
  FakeRdKafka* const kafka = FakeRdKafka::current();
  const int way = kafka == nullptr ? 0 : kafka->Ask("conf_set");
  if (way != 0) return static_cast<rd_kafka_conf_res_t>(way);
  return Library("rd_kafka_conf_set", &::rd_kafka_conf_set)(conf, name, value, why, size);
}

void rd_kafka_conf_set_opaque(rd_kafka_conf_t* conf, void* opaque) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_conf_set_opaque, conf, opaque);
  kafka->callbacks.opaque = opaque;
}

void rd_kafka_conf_set_error_cb(rd_kafka_conf_t* conf,
                                void (*call)(rd_kafka_t*, int, const char*, void*)) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_conf_set_error_cb, conf, call);
  kafka->callbacks.error = call;
}

void rd_kafka_conf_set_dr_msg_cb(rd_kafka_conf_t* conf,
                                 void (*call)(rd_kafka_t*, const rd_kafka_message_t*, void*)) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_conf_set_dr_msg_cb, conf, call);
  kafka->callbacks.report = call;
}

rd_kafka_t* rd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t* conf, char* why, size_t size) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_new, type, conf, why, size);
  if (const int way = kafka->Ask("new")) {
    std::snprintf(why, size, "%s", ::rd_kafka_err2str(CodeOf(way)));
    return nullptr;
  }
  ::rd_kafka_conf_destroy(conf);
  auto client = std::make_unique<rd_kafka_t>();
  client->callbacks = kafka->callbacks;
  const MutexLock lock(clients_mutex);
  Clients().insert(client.get());
  return client.release();
}

void rd_kafka_destroy_flags(rd_kafka_t* client, int flags) {
  {
    const MutexLock lock(clients_mutex);
    if (Clients().erase(client) != 0) return delete client;
  }
  Library("rd_kafka_destroy_flags", &::rd_kafka_destroy_flags)(client, flags);
}

void rd_kafka_set_log_level(rd_kafka_t* client, int level) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_set_log_level, client, level);
}

rd_kafka_queue_t* rd_kafka_queue_get_consumer(rd_kafka_t* client) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_queue_get_consumer, client);
  return new rd_kafka_queue_t{client};
}

rd_kafka_queue_t* rd_kafka_queue_get_main(rd_kafka_t* client) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_queue_get_main, client);
  return new rd_kafka_queue_t{client};
}

void rd_kafka_queue_destroy(rd_kafka_queue_t* queue) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_queue_destroy, queue);
  delete queue;
}

void rd_kafka_queue_cb_event_enable(rd_kafka_queue_t* queue, void (*call)(rd_kafka_t*, void*),
                                    void* whom) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_queue_cb_event_enable, queue, call, whom);
}

rd_kafka_resp_err_t rd_kafka_poll_set_consumer(rd_kafka_t* client) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_poll_set_consumer, client);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_topic_t* rd_kafka_topic_new(rd_kafka_t* client, const char* name,
                                     rd_kafka_topic_conf_t* conf) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_topic_new, client, name, conf);
  return kafka->Ask("topic_new") != 0 ? nullptr : new rd_kafka_topic_t{name};
}

void rd_kafka_topic_destroy(rd_kafka_topic_t* topic) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_topic_destroy, topic);
  delete topic;
}

rd_kafka_resp_err_t rd_kafka_metadata(rd_kafka_t* client, int all, rd_kafka_topic_t* topic,
                                      const struct rd_kafka_metadata** answer, int patience) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_metadata, client, all, topic, answer, patience);
  int way = kafka->Ask("metadata");
  if (way < 0) return CodeOf(way);
  // Without a topic it is asked of those that are known; with one that is not there it says so.
  if (topic == nullptr) way = FakeRdKafka::kNothing;
  if (way == 0 && kafka->partitions.empty()) {
    way = FakeRdKafka::kInAnswer + RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  }
  *answer = NewAnswer(*kafka, way);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void rd_kafka_metadata_destroy(const struct rd_kafka_metadata* answer) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_metadata_destroy, answer);
  delete static_cast<const FakeAnswer*>(answer);
}

rd_kafka_resp_err_t rd_kafka_assign(rd_kafka_t* client,
                                    const rd_kafka_topic_partition_list_t* list) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_assign, client, list);
  const int way = kafka->Ask("assign");
  if (way != 0 && !IsOf(way, FakeRdKafka::kAndAllOff)) return CodeOf(way);
  client->fetches.clear();
  if (way != 0) return CodeOf(way - FakeRdKafka::kAndAllOff);
  for (int i = 0; i < list->cnt; ++i) {
    client->fetches[list->elems[i].partition] = {list->elems[i].offset};
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_commit(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* list,
                                    int async) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_commit, client, list, async);
  return CodeOf(kafka->Ask("commit"));
}

ssize_t rd_kafka_consume_batch_queue(rd_kafka_queue_t* queue, int patience,
                                     rd_kafka_message_t** messages, size_t size) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_consume_batch_queue, queue, patience, messages, size);
  const int way = kafka->Ask("consume_batch_queue");
  if (way == FakeRdKafka::kNothing) return 0;
  if (way == FakeRdKafka::kNegative) return -1;
  if (IsOf(way, FakeRdKafka::kComplaint)) {
    Complain(*queue->client, way - FakeRdKafka::kComplaint);
    return 0;
  }
  constexpr std::size_t kMost = 4;  // so that a short program needs some of them
  return static_cast<ssize_t>(
      FillBatch(*kafka, *queue->client, messages, std::min(size, kMost), way));
}

void rd_kafka_message_destroy(rd_kafka_message_t* message) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_message_destroy, message);
  delete static_cast<FakeMessage*>(message);
}

std::int64_t rd_kafka_message_timestamp(const rd_kafka_message_t* message,
                                        rd_kafka_timestamp_type_t* type) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_message_timestamp, message, type);
  return static_cast<const FakeMessage*>(message)->record.time;
}

rd_kafka_resp_err_t rd_kafka_message_headers(const rd_kafka_message_t* message,
                                             rd_kafka_headers_t** headers) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_message_headers, message, headers);
  const auto* const fake = static_cast<const FakeMessage*>(message);
  if (fake->headers.values.empty()) return RD_KAFKA_RESP_ERR__NOENT;
  *headers = const_cast<rd_kafka_headers_t*>(&fake->headers);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_header_get_last(const rd_kafka_headers_t* headers, const char* name,
                                             const void** value, size_t* size) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_header_get_last, headers, name, value, size);
  const auto found = headers->values.find(name);
  if (found == headers->values.end()) return RD_KAFKA_RESP_ERR__NOENT;
  *value = found->second.data();
  *size = found->second.size();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_get_watermark_offsets(rd_kafka_t* client, const char* topic,
                                                   std::int32_t partition, std::int64_t* low,
                                                   std::int64_t* high) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_get_watermark_offsets, client, topic, partition, low, high);
  const int way = kafka->Ask("get_watermark_offsets");
  *high = -1001;
  if (way == FakeRdKafka::kNegative) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const auto index = static_cast<std::size_t>(partition);
  if (way == 0 && index < kafka->partitions.size()) *high = kafka->partitions[index].end();
  return CodeOf(way);
}

rd_kafka_error_t* rd_kafka_produceva(rd_kafka_t* client, const rd_kafka_vu_t* parts, size_t count) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_produceva, client, parts, count);
  if (const int way = kafka->Ask("produceva")) return ::rd_kafka_error_new(CodeOf(way), "refused");
  client->under_way.push_back(SentOf(parts, count));
  return nullptr;
}

int rd_kafka_poll(rd_kafka_t* client, int patience) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_poll, client, patience);
  const int way = kafka->Ask("poll");
  if (way == FakeRdKafka::kNothing) return 0;
  if (IsOf(way, FakeRdKafka::kComplaint)) Complain(*client, way - FakeRdKafka::kComplaint);
  int reports = 0;
  for (; !client->under_way.empty() && reports < (way == FakeRdKafka::kOne ? 1 : 2); ++reports) {
    ReportSent(*kafka, *client);
  }
  return reports;
}

rd_kafka_resp_err_t rd_kafka_fatal_error(rd_kafka_t* client, char* why, size_t size) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_fatal_error, client, why, size);
  if (const int way = kafka->Ask("fatal_error")) client->fatal = CodeOf(way);
  std::snprintf(why, size, "%s", ::rd_kafka_err2str(client->fatal));
  return client->fatal;
}

// What is under way may arrive all the same.
rd_kafka_resp_err_t rd_kafka_purge(rd_kafka_t* client, int flags) {
  HAND_ON_WITHOUT_FAKE(rd_kafka_purge, client, flags);
  if (client->fatal != RD_KAFKA_RESP_ERR_NO_ERROR) return RD_KAFKA_RESP_ERR_NO_ERROR;
  for (const auto& sent : client->under_way) {
    if (static_cast<std::size_t>(sent.partition) < kafka->partitions.size()) {
      kafka->Append(sent.partition, sent.record);
    }
  }
  client->under_way.clear();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // extern "C"
