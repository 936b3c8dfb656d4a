// The health of the process at this moment: shown beside a snapshot, and not in it. The daemon
// fills one in when it renders a scrape; what it says of sources is as of the last
// look at the workers, committed or not. The counters of files go on over a restart, since their
// source keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bouncesight {

// The files that a source looks for, by what it finds: each path and each match of a pattern is
// one, a pattern that matches nothing is one that is missing.
struct SourceFiles {
  std::uint64_t open = 0;
  std::uint64_t missing = 0;
  std::uint64_t denied = 0;  // there, and cannot be read: by permission, kind or a fault
  std::uint64_t hung = 0;    // a read of it does not come back
};

// A source's share of a Kafka topic.
struct KafkaPartitions {
  std::uint64_t open = 0;     // read
  std::uint64_t missing = 0;  // the topic has no such partition, or there is no such topic
  std::uint64_t denied = 0;   // the brokers refuse: credentials, rights
  std::uint64_t away = 0;     // no broker answers, or none leads the partition
};

struct LiveKafka {
  KafkaPartitions partitions;
  std::uint64_t records = 0;         // read since the start
  std::uint64_t lag_records = 0;     // in the partitions, not read yet
  std::uint64_t lost_records = 0;    // gone before they were read; kept over restarts, as the next
  std::uint64_t repeated_bytes = 0;  // that came once more, and were not counted again
};

// What is sent of a source's lines to a topic. Counters are those of this process.
struct LiveShipper {
  std::string source, topic;
  std::uint64_t lines = 0, records = 0, bytes = 0;  // acknowledged
  std::uint64_t failures = 0;   // times that the client gave up, and all began anew
  std::uint64_t lag_bytes = 0;  // in the files, and not acknowledged yet
  // Gone before it could be sent: bytes, where they were seen, and times that nobody can tell.
  std::uint64_t lost_bytes = 0, gaps = 0;
  bool up = false;                                 // brokers answer, and have the topic
  KafkaPartitions partitions = {};                 // all of the topic
  double last_acknowledged_timestamp_seconds = 0;  // Unix time; 0: not since the start
};

struct LiveSource {
  std::string name;
  std::optional<std::uint64_t> lag_bytes;        // in files, not yet read; files and folders only
  double last_line_timestamp_seconds = 0;        // Unix time when a line was last read; 0: never
  std::optional<std::uint64_t> rotations;        // files only
  std::optional<std::uint64_t> truncations;      // files only
  std::optional<std::uint64_t> files_abandoned;  // files only: given up with bytes unread
  std::optional<std::uint64_t> kernel_drops;     // datagram sources only
  // Datagram sources only: result ("accepted", "denied", "rate_limited", …) -> count.
  std::vector<std::pair<std::string, std::uint64_t>> datagrams;
  std::optional<std::uint64_t> open_connections;  // sources that take connections only
  // The same: why connections ended ("closed", "denied", …) -> count.
  std::vector<std::pair<std::string, std::uint64_t>> connections;
  std::vector<std::string> formats;  // that its lines have fitted, by their names
  // Files only: seen, and gone before they were counted.
  std::optional<std::uint64_t> lost_bytes = std::nullopt;
  std::optional<SourceFiles> files = std::nullopt;  // files, folders and journals only
  // Files and Kafka: times that what a file or topic held was gone, and nobody can tell how much.
  std::optional<std::uint64_t> gaps = std::nullopt;
  std::optional<LiveKafka> kafka = std::nullopt;
  // It is none that counts, but sends what another one counts.
  std::optional<LiveShipper> shipper = std::nullopt;
};

struct LiveProcess {
  double cpu_seconds = 0;
  double start_time_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

// The history of failures (daemon/history); counters are those of this process.
struct LiveHistory {
  bool up = false;                 // it is open, and not behind
  std::uint64_t rows = 0;          // written
  std::uint64_t dropped_rows = 0;  // for want of room in memory
  std::uint64_t failures = 0;      // of the database: locked, full, broken
  std::uint64_t bytes = 0;         // of the database, in use
  std::uint64_t queued_bytes = 0;  // of rows that are not written yet
};

struct Live {
  std::string version, revision, compiler;
  std::string rules_hash;  // of the texts of all rule files
  std::uint64_t rules_builtin = 0;
  std::uint64_t rules_operator = 0;
  bool config_last_reload_successful = true;
  double config_last_reload_success_timestamp_seconds = 0;
  std::uint64_t state_commits = 0;
  std::uint64_t state_commit_failures = 0;
  std::uint64_t state_bytes_written = 0;
  std::uint64_t state_resets = 0;
  std::uint64_t state_lost_commits = 0;
  double state_age_seconds = 0;  // since the last commit
  std::vector<LiveSource> sources;
  std::vector<LiveShipper> shippers;
  std::optional<LiveHistory> history;  // none: it is off
  LiveProcess process;
};

}  // namespace bouncesight
