#include "daemon/kafka/client_setup.h"

#include <array>
#include <chrono>
#include <future>
#include <utility>

#include "daemon/system/log.h"
#include "daemon/system/threads.h"

namespace bouncesight {
namespace {

using Trouble = TopicSight::Trouble;

Status Set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> ignored;  // it may show the value
  switch (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), ignored.data(), ignored.size())) {
    case RD_KAFKA_CONF_OK:
      return Ok{};
    case RD_KAFKA_CONF_UNKNOWN:
      return Error{"client." + name + ": librdkafka " + rd_kafka_version_str() +
                   " knows no such property; its CONFIGURATION.md lists them"};
    case RD_KAFKA_CONF_INVALID:
      break;
  }
  const std::string shown = IsSecretProperty(name) ? "the value" : "`" + value + "`";
  return Error{"client." + name + ": librdkafka does not accept " + shown +
               "; its CONFIGURATION.md says what it takes"};
}

bool IsDenied(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return true;
    default:
      return false;
  }
}

void OnError(rd_kafka_t*, int error, const char* reason, void* opaque) {
  static_cast<ClientTrouble*>(opaque)->Note(static_cast<rd_kafka_resp_err_t>(error), reason);
}

void OnLog(const rd_kafka_t*, int, const char* facility, const char* text) {
  LogDebug("librdkafka: {}: {}", facility, text);
}

}  // namespace

void FreeClient::operator()(rd_kafka_t* client) const {
  constexpr std::chrono::seconds kPatience{1};
  rd_kafka_set_log_level(client, 0);  // our own log may be gone before it
  // Without a farewell to the group: there is none.
  std::packaged_task<void()> destroy(
      [client] { rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); });
  const std::future<void> done = destroy.get_future();
  std::thread thread = TryThread(std::move(destroy));
  if (!thread.joinable()) {  // then it is waited for
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return;
  }
  if (done.wait_for(kPatience) == std::future_status::ready) return thread.join();
  thread.detach();
}

QueueBell::~QueueBell() { rd_kafka_queue_cb_event_enable(queue_.get(), nullptr, nullptr); }

void QueueBell::Set(std::function<void()> ring) {
  ring_ = std::move(ring);
  rd_kafka_queue_cb_event_enable(
      queue_.get(),
      [](rd_kafka_t*, void* whom) { (*static_cast<const std::function<void()>*>(whom))(); },
      &ring_);
}

void ClientTrouble::Note(rd_kafka_resp_err_t error, std::string_view reason) {
  const MutexLock lock(mutex_);
  // "All brokers are down" says less than why the last of them is.
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !reason_.empty()) return;
  // So does the end of a connection whose handshake has failed.
  const bool bare = reason.substr(0, reason.find(" (after ")).ends_with(": Disconnected");
  if (bare && !reason_.empty()) return;
  error_ = error;
  // "… (after 0ms in state CONNECT, 30 identical error(s) suppressed)": how often it was tried is
  // no news, and would be told as such.
  reason_ = reason.substr(0, reason.find(" (after "));
}

bool ClientTrouble::any() const {
  const MutexLock lock(mutex_);
  return !reason_.empty();
}

void ClientTrouble::Clear() {
  const MutexLock lock(mutex_);
  error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  reason_.clear();
}

TopicSight ClientTrouble::Sight(const std::string& brokers, std::string_view instead) const {
  const MutexLock lock(mutex_);
  TopicSight sight;
  const std::string why = reason_.empty() ? std::string(instead) : reason_;
  sight.trouble = IsDenied(error_) ? Trouble::kDenied : Trouble::kAway;
  sight.words = IsDenied(error_)
                    ? "the brokers " + brokers + " refuse us: " + why +
                          "; are the `sasl.…` and `ssl.…` properties under `client` right?"
                    : "no broker of " + brokers + " answers: " + why + "; it is tried again";
  return sight;
}

Result<ClientConf> MakeConf(const KafkaConfig& config, const Properties& defaults,
                            const Properties& fixed, ClientTrouble& trouble) {
  ClientConf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : defaults) {
    if (Status set = Set(conf.get(), name, value); !set) return set.error();
  }
  for (const auto& [name, value] : config.client) {
    if (Status set = Set(conf.get(), name, value); !set) return set.error();
  }
  for (const auto& [name, value] : fixed) {
    if (Status set = Set(conf.get(), name, value); !set) return set.error();
  }
  if (Status set = Set(conf.get(), "bootstrap.servers", BrokersOf(config)); !set) {
    return set.error();
  }
  rd_kafka_conf_set_opaque(conf.get(), &trouble);
  rd_kafka_conf_set_error_cb(conf.get(), OnError);
  rd_kafka_conf_set_log_cb(conf.get(), OnLog);
  return conf;
}

Result<Client> MakeClient(rd_kafka_type_t type, ClientConf conf, const std::string& topic) {
  std::array<char, 512> why{};
  Client client(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!client) return Error{"the topic " + topic + " cannot be reached: " + why.data()};
  static_cast<void>(conf.release());  // the client's now
  return client;
}

Error NoThreadFor(const std::string& topic) {
  return Error{"the topic " + topic +
               " cannot be watched: the system gives no more threads (TasksMax, ulimit -u)"};
}

std::string BrokersOf(const KafkaConfig& config) {
  std::string brokers;
  for (const std::string& broker : config.brokers) {
    brokers += (brokers.empty() ? "" : ",") + broker;
  }
  return brokers;
}

}  // namespace bouncesight
