// The metrics of the process: everything here comes out of a Live.
#include <optional>
#include <string_view>

#include "metrics/families.h"

namespace bouncesight {
namespace {

using prometheus::MetricType;

void AppendSingle(Families& families, MetricType type, std::string_view name, double value,
                  std::string_view help) {
  FamilyBuilder(families, name, help, type).Add({}, value);
}

// One sample for each source that has the figure.
void AppendPerSource(const Live& live, Families& families, MetricType type, std::string_view name,
                     std::optional<std::uint64_t> LiveSource::*figure, std::string_view help) {
  FamilyBuilder out(families, name, help, type);
  for (const LiveSource& source : live.sources) {
    if (source.*figure) out.Add({{"source", source.name}}, *(source.*figure));
  }
}

// One sample for each source and result.
void AppendPerResult(const Live& live, Families& families, std::string_view name,
                     std::vector<std::pair<std::string, std::uint64_t>> LiveSource::*figures,
                     std::string_view help) {
  FamilyBuilder out(families, name, help, MetricType::Counter);
  for (const LiveSource& source : live.sources) {
    for (const auto& [result, count] : source.*figures) {
      out.Add({{"source", source.name}, {"result", result}}, count);
    }
  }
}

void AppendSourceFiles(const Live& live, Families& families) {
  FamilyBuilder out(families, "source_files",
                    "Files that the source looks for, by what it finds; journal files, too.",
                    MetricType::Gauge);
  for (const LiveSource& source : live.sources) {
    if (!source.files) continue;
    out.Add({{"source", source.name}, {"state", "open"}}, source.files->open);
    out.Add({{"source", source.name}, {"state", "missing"}}, source.files->missing);
    out.Add({{"source", source.name}, {"state", "denied"}}, source.files->denied);
    out.Add({{"source", source.name}, {"state", "hung"}}, source.files->hung);
  }
}

void AppendKafkaPartitions(const Live& live, Families& families) {
  FamilyBuilder out(families, "kafka_partitions",
                    "Partitions that the source is to read, by what became of them.",
                    MetricType::Gauge);
  for (const LiveSource& source : live.sources) {
    if (!source.kafka) continue;
    const KafkaPartitions& partitions = source.kafka->partitions;
    out.Add({{"source", source.name}, {"state", "open"}}, partitions.open);
    out.Add({{"source", source.name}, {"state", "missing"}}, partitions.missing);
    out.Add({{"source", source.name}, {"state", "denied"}}, partitions.denied);
    out.Add({{"source", source.name}, {"state", "away"}}, partitions.away);
  }
}

// One sample for each source of Kafka.
void AppendPerTopic(const Live& live, Families& families, MetricType type, std::string_view name,
                    std::uint64_t LiveKafka::*figure, std::string_view help) {
  FamilyBuilder out(families, name, help, type);
  for (const LiveSource& source : live.sources) {
    if (source.kafka) out.Add({{"source", source.name}}, (*source.kafka).*figure);
  }
}

void AppendKafka(const Live& live, Families& families) {
  AppendKafkaPartitions(live, families);
  AppendPerTopic(live, families, MetricType::Counter, "kafka_records_total", &LiveKafka::records,
                 "Records read from Kafka since the start.");
  AppendPerTopic(live, families, MetricType::Gauge, "kafka_lag_records", &LiveKafka::lag_records,
                 "Records that are in the partitions and not read yet.");
  AppendPerTopic(live, families, MetricType::Counter, "kafka_lost_records_total",
                 &LiveKafka::lost_records, "Records that Kafka had deleted before they were read.");
  AppendPerTopic(live, families, MetricType::Counter, "kafka_repeated_bytes_total",
                 &LiveKafka::repeated_bytes,
                 "Bytes of lines that a shipper sent once more; they were counted once.");
}

// One sample for each source and topic that its lines are sent to.
void AppendPerShipper(const Live& live, Families& families, MetricType type, std::string_view name,
                      std::uint64_t LiveShipper::*figure, std::string_view help) {
  FamilyBuilder out(families, name, help, type);
  for (const LiveShipper& shipper : live.shippers) {
    out.Add({{"source", shipper.source}, {"topic", shipper.topic}}, shipper.*figure);
  }
}

void AppendShippers(const Live& live, Families& families) {
  AppendPerShipper(live, families, MetricType::Counter, "kafka_shipped_lines_total",
                   &LiveShipper::lines, "Lines sent to Kafka and acknowledged.");
  AppendPerShipper(live, families, MetricType::Counter, "kafka_shipped_records_total",
                   &LiveShipper::records, "Records sent to Kafka and acknowledged.");
  AppendPerShipper(live, families, MetricType::Counter, "kafka_shipped_bytes_total",
                   &LiveShipper::bytes, "Bytes of lines sent to Kafka and acknowledged.");
  AppendPerShipper(live, families, MetricType::Counter, "kafka_ship_failures_total",
                   &LiveShipper::failures,
                   "Times that sending failed and began anew after the last acknowledged line.");
  AppendPerShipper(live, families, MetricType::Gauge, "kafka_ship_lag_bytes",
                   &LiveShipper::lag_bytes, "Bytes in files that are not acknowledged yet.");
  AppendPerShipper(live, families, MetricType::Counter, "kafka_ship_lost_bytes_total",
                   &LiveShipper::lost_bytes,
                   "Bytes of a log that were cut off or removed before they were sent.");
  AppendPerShipper(live, families, MetricType::Counter, "kafka_ship_gaps_total", &LiveShipper::gaps,
                   "Times that a file was gone with lines of unknown number not sent.");
  {
    FamilyBuilder out(families, "kafka_ship_partitions",
                      "Partitions of the topic that is written, by what became of them.",
                      MetricType::Gauge);
    for (const LiveShipper& shipper : live.shippers) {
      const KafkaPartitions& partitions = shipper.partitions;
      const auto add = [&](std::string_view state, std::uint64_t count) {
        out.Add({{"source", shipper.source}, {"topic", shipper.topic}, {"state", state}}, count);
      };
      add("open", partitions.open);
      add("missing", partitions.missing);
      add("denied", partitions.denied);
      add("away", partitions.away);
    }
  }
  {
    FamilyBuilder out(families, "kafka_ship_last_acknowledged_timestamp_seconds",
                      "When a record was last acknowledged, in Unix time; 0: not since the start.",
                      MetricType::Gauge);
    for (const LiveShipper& shipper : live.shippers) {
      out.Add({{"source", shipper.source}, {"topic", shipper.topic}},
              shipper.last_acknowledged_timestamp_seconds);
    }
  }
  FamilyBuilder out(families, "kafka_ship_up",
                    "Whether brokers answer and have the topic, as of the last look.",
                    MetricType::Gauge);
  for (const LiveShipper& shipper : live.shippers) {
    out.Add({{"source", shipper.source}, {"topic", shipper.topic}}, shipper.up ? 1.0 : 0.0);
  }
}

void AppendSources(const Live& live, Families& families) {
  AppendSourceFiles(live, families);
  {
    FamilyBuilder out(families, "source_last_line_timestamp_seconds",
                      "When a line was last read, in Unix time; 0: not since the start.",
                      MetricType::Gauge);
    for (const LiveSource& source : live.sources) {
      out.Add({{"source", source.name}}, source.last_line_timestamp_seconds);
    }
  }
  {
    FamilyBuilder out(families, "source_format_info",
                      "Formats that lines of the source have fitted; always 1.", MetricType::Gauge);
    for (const LiveSource& source : live.sources) {
      for (const std::string& format : source.formats) {
        out.Add({{"source", source.name}, {"format", format}}, 1.0);
      }
    }
  }
  AppendPerSource(live, families, MetricType::Gauge, "source_lag_bytes", &LiveSource::lag_bytes,
                  "Bytes that are in the files and not read yet.");
  AppendPerSource(live, families, MetricType::Counter, "source_rotations_total",
                  &LiveSource::rotations, "Times that a file was replaced by another one.");
  AppendPerSource(live, families, MetricType::Counter, "source_truncations_total",
                  &LiveSource::truncations, "Times that a file was cut and began anew.");
  AppendPerSource(live, families, MetricType::Counter, "source_files_abandoned_total",
                  &LiveSource::files_abandoned, "Files given up with bytes unread.");
  AppendPerSource(live, families, MetricType::Counter, "source_lost_bytes_total",
                  &LiveSource::lost_bytes,
                  "Bytes seen in a file that were cut off or removed before they were counted.");
  AppendPerSource(live, families, MetricType::Counter, "source_gaps_total", &LiveSource::gaps,
                  "Times that a file was gone with lines of unknown number unread.");
  AppendPerSource(live, families, MetricType::Counter, "syslog_kernel_drops_total",
                  &LiveSource::kernel_drops, "Datagrams that the kernel dropped before us.");
  AppendPerResult(live, families, "syslog_datagrams_total", &LiveSource::datagrams,
                  "Datagrams received, by what became of them.");
  AppendPerSource(live, families, MetricType::Gauge, "syslog_open_connections",
                  &LiveSource::open_connections, "Connections that are open.");
  AppendPerResult(live, families, "syslog_connections_total", &LiveSource::connections,
                  "Connections that have ended, by why.");
  AppendKafka(live, families);
  AppendShippers(live, families);
}

void AppendProgram(const Live& live, Families& families) {
  FamilyBuilder(families, "build_info", "Which program this is; always 1.", MetricType::Gauge)
      .Add({{"version", live.version}, {"revision", live.revision}, {"compiler", live.compiler}},
           1.0);
  FamilyBuilder(families, "rules_info", "Which rules are loaded; always 1.", MetricType::Gauge)
      .Add({{"hash", live.rules_hash}}, 1.0);
  FamilyBuilder out(families, "rules", "Rules that are loaded, by who gave them.",
                    MetricType::Gauge);
  out.Add({{"origin", "builtin"}}, live.rules_builtin);
  out.Add({{"origin", "operator"}}, live.rules_operator);
}

void AppendState(const Live& live, Families& families) {
  const auto gauge = MetricType::Gauge, counter = MetricType::Counter;
  AppendSingle(families, gauge, "config_last_reload_successful",
               live.config_last_reload_successful ? 1 : 0,
               "1 if the last load of configuration and rules succeeded, else 0.");
  AppendSingle(families, gauge, "config_last_reload_success_timestamp_seconds",
               live.config_last_reload_success_timestamp_seconds,
               "When configuration and rules were last loaded, in Unix time.");
  AppendSingle(families, counter, "state_commits_total", static_cast<double>(live.state_commits),
               "Commits written to the state.");
  AppendSingle(families, counter, "state_commit_failures_total",
               static_cast<double>(live.state_commit_failures),
               "Commits that could not be written; the counters stand still meanwhile.");
  AppendSingle(families, counter, "state_bytes_written_total",
               static_cast<double>(live.state_bytes_written),
               "Bytes written to the files of the state, whole pages of its log included.");
  AppendSingle(families, counter, "state_resets_total", static_cast<double>(live.state_resets),
               "Starts from zero because no state record was readable.");
  AppendSingle(
      families, counter, "state_lost_commits_total", static_cast<double>(live.state_lost_commits),
      "Commits that the last start could not restore, for files of the state were damaged.");
  AppendSingle(families, gauge, "state_age_seconds", live.state_age_seconds,
               "Age of the newest state record, and of the counters shown here.");
}

void AppendHistory(const LiveHistory& history, Families& families) {
  const auto gauge = MetricType::Gauge, counter = MetricType::Counter;
  AppendSingle(families, gauge, "history_up", history.up ? 1 : 0,
               "1 if the history is written as fast as commits come, else 0.");
  AppendSingle(families, counter, "history_rows_total", static_cast<double>(history.rows),
               "Failures and refusals written to the history.");
  AppendSingle(families, counter, "history_dropped_rows_total",
               static_cast<double>(history.dropped_rows),
               "Failures and refusals that the history has not, since it could not be written.");
  AppendSingle(families, counter, "history_failures_total", static_cast<double>(history.failures),
               "Times that the history's database could not be written.");
  AppendSingle(families, gauge, "history_size_bytes", static_cast<double>(history.bytes),
               "Bytes of the history's database that are in use.");
  AppendSingle(families, gauge, "history_queued_bytes", static_cast<double>(history.queued_bytes),
               "Bytes that wait to be written to the history.");
}

void AppendProcess(const LiveProcess& process, Families& families) {
  const auto gauge = MetricType::Gauge, counter = MetricType::Counter;
  AppendSingle(families, counter, "process_cpu_seconds_total", process.cpu_seconds,
               "Total user and system CPU time spent in seconds.");
  AppendSingle(families, gauge, "process_start_time_seconds", process.start_time_seconds,
               "Start time of the process since unix epoch in seconds.");
  AppendSingle(families, gauge, "process_resident_memory_bytes",
               static_cast<double>(process.resident_bytes), "Resident memory size in bytes.");
  AppendSingle(families, gauge, "process_virtual_memory_bytes",
               static_cast<double>(process.virtual_bytes), "Virtual memory size in bytes.");
  AppendSingle(families, gauge, "process_open_fds", static_cast<double>(process.open_fds),
               "Number of open file descriptors.");
  AppendSingle(families, gauge, "process_max_fds", static_cast<double>(process.max_fds),
               "Maximum number of open file descriptors.");
}

}  // namespace

void AppendLiveFamilies(const Live& live, Families& families) {
  AppendSources(live, families);
  AppendProgram(live, families);
  AppendState(live, families);
  if (live.history) AppendHistory(*live.history, families);
  AppendProcess(live.process, families);
}

}  // namespace bouncesight
