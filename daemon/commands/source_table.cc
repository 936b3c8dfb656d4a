#include "daemon/commands/source_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/config/listen_sight.h"
#include "daemon/config/log_sample.h"
#include "daemon/config/source_sight.h"
#include "daemon/journal/journal_sample.h"
#include "daemon/kafka/kafka_access.h"

namespace bouncesight {
namespace {

struct Row {
  std::array<std::string, 4> cells;  // source, what it sees, format, last line
};

const char* TypeName(SourceType type) {
  switch (type) {
    case SourceType::kFile:
      return "file";
    case SourceType::kSyslog:
      return "syslog";
    case SourceType::kJournal:
      return "journal";
    case SourceType::kStdin:
      return "stdin";
    case SourceType::kDirectory:
      return "directory";
    case SourceType::kKafka:
      return "kafka";
  }
  return "";
}

// "2 open, 1 missing".
std::string CountsText(
    std::initializer_list<std::pair<std::uint64_t, const char*>> counts_and_states) {
  std::string text;
  for (const auto& [count, state] : counts_and_states) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + state;
  }
  return text;
}

std::string SeenText(const KafkaPartitions& seen) {
  return CountsText({{seen.open, "open"},
                     {seen.missing, "missing"},
                     {seen.denied, "denied"},
                     {seen.away, "away"}});
}

// The same of files; what a source listens on, where it waits to be sent something.
std::string SeenText(const SourceConfig& source, const SourceFiles& files) {
  std::string text;
  if (source.type == SourceType::kStdin) return "waits for standard input";
  for (const std::string& address : source.listen) text += (text.empty() ? "" : ", ") + address;
  if (source.type == SourceType::kSyslog) return "listens on " + text;
  return CountsText({{files.open, "open"}, {files.missing, "missing"}, {files.denied, "denied"}});
}

// What the source would read last, now.
LogSample Sample(const SourceConfig& source, const SourceSight& sight, FileSystem& fs,
                 std::chrono::system_clock::time_point now) {
  if (source.type == SourceType::kJournal) return SampleJournal(source, fs);
  return SampleNewest(source, sight, fs, now);
}

std::string TableText(const std::vector<Row>& rows) {
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], row.cells[i].size());
    }
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      std::string cell = row.cells[i].empty() ? "-" : row.cells[i];
      cell.resize(std::max(cell.size(), widths[i]), ' ');
      line += (i == 0 ? "" : "  ") + cell;
    }
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

// "mail, exim": those whose lines can be sent.
std::string SentSources(const std::vector<SourceConfig>& sources, bool sent) {
  std::string names;
  for (const SourceConfig& source : sources) {
    if (ShipmentsOf(source, {OutputConfig{}}).empty() == sent) continue;
    names += (names.empty() ? "" : ", ") + source.name;
  }
  return names;
}

}  // namespace

SourceTable LookAtOutputs(const std::vector<OutputConfig>& outputs,
                          const std::vector<SourceConfig>& sources) {
  SourceTable table;
  const std::string sent = SentSources(sources, true);
  const std::string left = SentSources(sources, false);
  for (const OutputConfig& output : outputs) {
    const std::string name = "output to " + output.kafka.topic;
    const KafkaSight sight = LookAtOutput(output);
    const std::string seen = SeenText(sight.partitions);
    static constexpr std::array kSent = {"all lines", "lines of failures", "events"};
    table.text += name + ": " + kSent[static_cast<std::size_t>(output.send)] + " of " +
                  (sent.empty() ? "no source" : sent) +
                  "; partitions: " + (seen.empty() ? "-" : seen) + "\n";
    if (!sight.complaint.empty()) table.warnings.push_back(name + ": " + sight.complaint);
    if (!left.empty()) {
      table.warnings.push_back(name + ": lines of " + left + " are not sent: only what lies in " +
                               "files can be sent again after a crash");
    }
  }
  return table;
}

SourceTable LookAtSources(const std::vector<SourceConfig>& sources, FileSystem& fs,
                          std::chrono::system_clock::time_point now) {
  SourceTable table;
  std::vector<Row> rows{{{"source", "sees now", "format", "last line"}}};
  for (const SourceConfig& source : sources) {
    SourceSight sight = LookAtSource(source, fs);
    Row row{{source.name + " (" + TypeName(source.type) + ")", "", "", ""}};
    if (source.type == SourceType::kKafka) {
      const KafkaSight kafka = LookAtKafka(source.kafka);
      row.cells[1] = SeenText(kafka.partitions);
      sight.complaint = kafka.complaint;
    } else {
      row.cells[1] = SeenText(source, sight.files);
    }
    if (source.type == SourceType::kSyslog) sight.complaint = ListenComplaint(source);
    const LogSample sample = Sample(source, sight, fs, now);
    for (const std::string& format : sample.formats) {
      row.cells[2] += (row.cells[2].empty() ? "" : ", ") + format;
    }
    row.cells[3] = sample.last;
    rows.push_back(std::move(row));
    if (sight.complaint.empty()) sight.complaint = sample.complaint;
    if (!sight.complaint.empty()) {
      table.warnings.push_back("source " + source.name + ": " + sight.complaint);
    }
  }
  table.text = TableText(rows);
  return table;
}

}  // namespace bouncesight
