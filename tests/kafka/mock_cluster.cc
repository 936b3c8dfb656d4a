// A cluster of Kafka brokers in one process: librdkafka's mock. Prints its bootstrap servers, then
// obeys one command a line from standard input, each answered by "ok" or by what is wrong; ends
// with it.
//
//   topic NAME PARTITIONS          makes a topic
//   topic-error NAME CODE          its metadata bear this error; 0 ends that
//   leader NAME PARTITION BROKER   moves a partition
//   down BROKER, up BROKER         brokers are counted from 1
//   rtt BROKER MILLISECONDS        each answer takes so long
//   produce-errors CODE COUNT      so many requests to produce fail
//   fetch-errors CODE COUNT        the same of requests to fetch
#include <array>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

namespace {

constexpr std::int16_t kProduce = 0;  // keys of requests in Kafka's protocol
constexpr std::int16_t kFetch = 1;

rd_kafka_resp_err_t CodeOf(int code) { return static_cast<rd_kafka_resp_err_t>(code); }

void PushErrors(rd_kafka_mock_cluster_t* cluster, std::int16_t request, int code, int count) {
  for (; count > 0; --count) {
    rd_kafka_mock_push_request_errors(cluster, request, 1, CodeOf(code));
  }
}

rd_kafka_resp_err_t Obey(rd_kafka_mock_cluster_t* cluster, const std::string& line) {
  std::istringstream words(line);
  std::string command, name;
  int number = 0, other = 0;
  words >> command;
  if (command == "topic") {
    words >> name >> number;
    return rd_kafka_mock_topic_create(cluster, name.c_str(), number, 1);
  }
  if (command == "topic-error") {
    words >> name >> number;
    rd_kafka_mock_topic_set_error(cluster, name.c_str(), CodeOf(number));
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  if (command == "leader") {
    words >> name >> number >> other;
    return rd_kafka_mock_partition_set_leader(cluster, name.c_str(), number, other);
  }
  if (command == "produce-errors" || command == "fetch-errors") {
    words >> number >> other;
    PushErrors(cluster, command == "fetch-errors" ? kFetch : kProduce, number, other);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  words >> number >> other;
  if (command == "rtt") return rd_kafka_mock_broker_set_rtt(cluster, number, other);
  if (command == "down") return rd_kafka_mock_broker_set_down(cluster, number);
  if (command == "up") return rd_kafka_mock_broker_set_up(cluster, number);
  return RD_KAFKA_RESP_ERR__INVALID_ARG;
}

}  // namespace

int main(int argc, char** argv) {
  std::array<char, 512> why{};
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why.data(), why.size());
  if (client == nullptr) {
    std::cerr << why.data() << "\n";
    return 1;
  }
  const int brokers = argc > 1 ? std::stoi(argv[1]) : 1;
  rd_kafka_mock_cluster_t* cluster = rd_kafka_mock_cluster_new(client, brokers);
  std::cout << rd_kafka_mock_cluster_bootstraps(cluster) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const rd_kafka_resp_err_t error = Obey(cluster, line);
    std::cout << (error == RD_KAFKA_RESP_ERR_NO_ERROR ? "ok" : rd_kafka_err2str(error))
              << std::endl;
  }
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(client);
  return 0;
}
