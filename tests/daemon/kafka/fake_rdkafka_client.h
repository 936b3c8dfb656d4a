// What is behind librdkafka's own types in a FakeRdKafka, and what its clients do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/daemon/kafka/fake_rdkafka.h"

struct rd_kafka_s {
  struct Fetch {
    std::int64_t position;  // or RD_KAFKA_OFFSET_BEGINNING, RD_KAFKA_OFFSET_END
    bool ended = false;     // has been told
    bool stopped = false;   // until it is assigned anew
  };
  struct Sent {
    std::int32_t partition = 0;
    bouncesight::FakeRdKafka::Record record;
    void* opaque = nullptr;
  };

  bouncesight::FakeRdKafka::Callbacks callbacks;
  std::map<std::int32_t, Fetch> fetches;
  std::deque<Sent> under_way;
  rd_kafka_resp_err_t fatal = RD_KAFKA_RESP_ERR_NO_ERROR;
};
struct rd_kafka_queue_s {
  rd_kafka_t* client;
};
struct rd_kafka_topic_s {
  std::string name;
};
struct rd_kafka_headers_s {
  std::map<std::string, std::string> values;
};

namespace bouncesight {

struct FakeMessage : rd_kafka_message_t {
  FakeRdKafka::Record record;
  rd_kafka_headers_t headers;
};
struct FakeAnswer : rd_kafka_metadata_t {
  rd_kafka_metadata_topic_t topic{};
  std::vector<rd_kafka_metadata_partition_t> list;
};

inline rd_kafka_resp_err_t CodeOf(int way) { return static_cast<rd_kafka_resp_err_t>(way); }

// A way that is `base` and a code of librdkafka's, which are -200 to 200.
inline bool IsOf(int way, int base) { return way > base - 1000 && way < base + 1000; }

// What a consumer has fetched, at most so many; `way`: as a poll may fail.
std::size_t FillBatch(FakeRdKafka& kafka, rd_kafka_t& client, rd_kafka_message_t** messages,
                      std::size_t most, int way);
void Complain(rd_kafka_t& client, int code);

rd_kafka_t::Sent SentOf(const rd_kafka_vu_t* parts, std::size_t count);
// Of the oldest that is under way.
void ReportSent(FakeRdKafka& kafka, rd_kafka_t& client);

FakeAnswer* NewAnswer(const FakeRdKafka& kafka, int way);

}  // namespace bouncesight
