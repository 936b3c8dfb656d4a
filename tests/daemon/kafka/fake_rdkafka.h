// librdkafka in memory, for faults by counting: a topic, and the clients that read and write it.
// While a FakeRdKafka lives, the test program's own functions of librdkafka's names answer for it
// (fake_rdkafka_calls.cc). Its clients have no threads, so that each run makes the same calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <librdkafka/rdkafka.h>

namespace bouncesight {

class FakeRdKafka {
 public:
  // Ways to fail, beside librdkafka's own codes.
  static constexpr int kNothing = 10'001;  // it gives nothing, and no reason
  static constexpr int kOne = 10'002;      // of what there is, one
  static constexpr int kNegative = 10'003;
  static constexpr int kPartitionLess = 10'004;  // an answer of a broker that knows less
  static constexpr int kNoLeaders = 10'005;
  static constexpr int kArrived = 10'006;    // reported as failed, and is in the topic all the same
  static constexpr int kNowhere = 10'007;    // reported as arrived, without its place
  static constexpr int kInAnswer = 20'000;   // and a code: the topic's own, in an answer
  static constexpr int kAndAllOff = 30'000;  // and a code: and what was assigned is so no more
  static constexpr int kComplaint = 40'000;  // and a code: by the callback for errors

  // As FailingCalls (tests/daemon/system/failing_calls.h).
  FakeRdKafka(std::size_t nth, int way, int times = 1);
  ~FakeRdKafka();
  FakeRdKafka(const FakeRdKafka&) = delete;
  FakeRdKafka& operator=(const FakeRdKafka&) = delete;
  static FakeRdKafka* current();

  struct Record {
    std::string text;
    std::string host, stream, range;  // the headers; empty: none
    bool damaged = false;
    std::int64_t time = 0;
  };
  struct Partition {
    std::int64_t begin = 0;  // what was before is deleted
    std::deque<Record> records;
    bool has_leader = true;

    std::int64_t end() const { return begin + static_cast<std::int64_t>(records.size()); }
    const Record& at(std::int64_t offset) const {
      return records[static_cast<std::size_t>(offset - begin)];
    }
  };
  // The topic; none: there is no such topic.
  std::vector<Partition> partitions;
  void Append(std::int32_t partition, Record record);
  void Append(std::int32_t partition, std::string text) {
    Append(partition, Record{std::move(text), {}, {}, {}});
  }
  void DeleteOldest(std::int32_t partition, std::size_t records);

  std::string only;  // calls of this name count, and no others; empty: all

  const std::vector<std::string>& calls() const { return calls_; }  // "assign", in order
  int Ask(const std::string& name);                                 // 0, or a way to fail
  void StopFailing() { stopped_ = true; }                           // and counting

  // What rd_kafka_new gives to the client that it makes.
  struct Callbacks {
    void* opaque = nullptr;
    void (*error)(rd_kafka_t*, int, const char*, void*) = nullptr;
    void (*report)(rd_kafka_t*, const rd_kafka_message_t*, void*) = nullptr;
  };
  Callbacks callbacks;

 private:
  std::size_t nth_;
  int way_;
  int times_;
  bool stopped_ = false;
  std::string failing_;
  std::int64_t clock_ = 1'000'000;
  std::vector<std::string> calls_;
};

// How a call of that name may fail. "list_offsets" is what a client asks on its own, and "report"
// what it says of a record that was sent.
const std::vector<int>& KafkaFaultsOf(const std::string& call);

}  // namespace bouncesight
