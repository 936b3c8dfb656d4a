#include "daemon/kafka/topic_watch.h"

#include <algorithm>

#include "daemon/system/threads.h"

namespace bouncesight {
namespace {

using Trouble = TopicSight::Trouble;

struct FreeTopic {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
struct FreeMetadata {
  void operator()(const rd_kafka_metadata_t* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
};

TopicSight SightOf(const rd_kafka_metadata_topic_t& topic, const KafkaConfig& config) {
  TopicSight sight;
  if (topic.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
    sight.trouble = Trouble::kDenied;
    sight.words = "the brokers refuse us the topic " + config.topic +
                  "; give its user the right to describe it, and to read it (a source) or to write "
                  "to it (an output)";
    return sight;
  }
  if (topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || topic.partition_cnt == 0) {
    sight.trouble = Trouble::kMissing;
    sight.words = "the brokers " + BrokersOf(config) + " have no topic " + config.topic +
                  "; it is waited for";
    return sight;
  }
  if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR &&
      topic.err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
    sight.trouble = Trouble::kAway;
    sight.words = "the topic " + config.topic + ": " + rd_kafka_err2str(topic.err);
    return sight;
  }
  sight.trouble = Trouble::kNone;
  sight.partitions.reserve(static_cast<std::size_t>(topic.partition_cnt));
  for (int i = 0; i < topic.partition_cnt; ++i) {
    sight.partitions.push_back({topic.partitions[i].id, topic.partitions[i].leader >= 0});
  }
  std::ranges::sort(sight.partitions, {}, &TopicSight::Partition::number);
  return sight;
}

}  // namespace

TopicSight AskBrokers(rd_kafka_t* client, const KafkaConfig& config, ClientTrouble& trouble,
                      std::chrono::milliseconds patience) {
  const std::unique_ptr<rd_kafka_topic_t, FreeTopic> topic(
      rd_kafka_topic_new(client, config.topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client, 0, topic.get(), &answer, static_cast<int>(patience.count()));
  const std::unique_ptr<const rd_kafka_metadata_t, FreeMetadata> owned(answer);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || answer->topic_cnt == 0) {
    return trouble.Sight(BrokersOf(config), rd_kafka_err2str(error));
  }
  TopicSight sight = SightOf(answer->topics[0], config);
  if (sight.trouble == Trouble::kNone) trouble.Clear();
  return sight;
}

TopicSight AskPatiently(rd_kafka_t* client, const KafkaConfig& config, ClientTrouble& trouble,
                        const std::function<void()>& listen) {
  constexpr int kQuestions = 5;
  for (int i = 0; i < kQuestions; ++i) {
    TopicSight sight = AskBrokers(client, config, trouble, std::chrono::seconds(1));
    listen();
    if (sight.trouble != Trouble::kAway) return sight;
  }
  return trouble.Sight(BrokersOf(config), "no answer");
}

std::unique_ptr<TopicWatch> ThreadWatch::Make(rd_kafka_t* client, const KafkaConfig& config,
                                              ClientTrouble& trouble) {
  std::unique_ptr<ThreadWatch> watch(new ThreadWatch(client, config, trouble));
  if (!watch->thread_.joinable()) return nullptr;
  return watch;
}

ThreadWatch::ThreadWatch(rd_kafka_t* client, KafkaConfig config, ClientTrouble& trouble)
    : client_(client),
      config_(std::move(config)),
      trouble_(trouble),
      thread_(TryThread([this] { Run(); })) {}

ThreadWatch::~ThreadWatch() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

TopicSight ThreadWatch::sight() const {
  const MutexLock lock(mutex_);
  return sight_;
}

void ThreadWatch::Run() {
  std::chrono::milliseconds rest{0};
  while (Rest(rest)) {
    TopicSight sight = AskBrokers(client_, config_, trouble_, kPatience);
    const bool well = sight.trouble == Trouble::kNone &&
                      std::ranges::all_of(sight.partitions, &TopicSight::Partition::has_leader);
    rest = well ? kInterval : kHurry;
    const MutexLock lock(mutex_);
    sight_ = std::move(sight);
  }
}

void ThreadWatch::Poke(std::int32_t partition) {
  {
    const MutexLock lock(mutex_);
    poked_.insert(partition);
  }
  wake_.NotifyAll();
}

void ThreadWatch::AskLeaders(const std::set<std::int32_t>& partitions) {
  for (const std::int32_t partition : partitions) {
    std::int64_t low = 0, high = 0;
    rd_kafka_query_watermark_offsets(client_, config_.topic.c_str(), partition, &low, &high,
                                     static_cast<int>(kPatience.count()));
  }
}

// False: it is to end.
bool ThreadWatch::Rest(std::chrono::milliseconds time) {
  const auto begun = std::chrono::steady_clock::now();
  while (true) {
    std::set<std::int32_t> poked;
    {
      const MutexLock lock(mutex_);
      const auto now = std::chrono::steady_clock::now();
      if (stopping_) return false;
      if (now >= begun + time || (now > begun && trouble_.any())) return true;
      if (poked_.empty()) wake_.WaitUntil(mutex_, std::min(begun + time, now + kHurry));
      poked.swap(poked_);
    }
    AskLeaders(poked);
  }
}

}  // namespace bouncesight
