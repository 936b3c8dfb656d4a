#include "daemon/commands/source_table.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <variant>

#include "daemon/config/source_sight.h"
#include "daemon/journal/journal_names.h"
#include "daemon/kafka/kafka_access.h"
#include "daemon/system/log_reader.h"
#include "parsers/mta/format_reader.h"
#include "parsers/wrap/line_splitter.h"
#include "parsers/wrap/syslog_header.h"

namespace bouncesight {
namespace {

constexpr std::size_t kEndBytes = 64 * 1024;

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

std::string Newest(const std::vector<std::string>& paths, FileSystem& fs) {
  std::string newest;
  std::int64_t newest_ns = -1;
  for (const std::string& path : paths) {
    FileInfo info;
    if (fs.Stat(path, info) != 0 || info.size == 0 || info.modified_ns <= newest_ns) continue;
    newest = path;
    newest_ns = info.modified_ns;
  }
  return newest;
}

// The last bytes of a log, from a line's start on. Of a packed one the first: its end costs all.
std::string EndOf(const std::string& path, FileSystem& fs) {
  std::unique_ptr<LogReader> reader;
  FileInfo info;
  if (path.empty() || OpenLog(fs, path, reader) < 0 || reader->Info(info) < 0) return {};
  const std::uint64_t from = reader->plain() && info.size > kEndBytes ? info.size - kEndBytes : 0;
  std::string bytes(kEndBytes, '\0');
  const std::int64_t got = reader->ReadAt(bytes, from);
  bytes.resize(static_cast<std::size_t>(std::max<std::int64_t>(0, got)));
  if (from > 0) bytes.erase(0, std::min(bytes.size(), bytes.find('\n') + 1));
  return bytes;
}

// What is wrong with lines of which none is of mail; empty: nothing.
std::string NoMailText(const std::string& path, std::size_t lines, const std::string& program) {
  const std::string count =
      lines == 1 ? "the last line" : "the last " + std::to_string(lines) + " lines";
  return "none of " + count + " of " + path + " is of a mail server" +
         (program.empty() ? "" : ", as of `" + program + "`") +
         "; is this the mail log, and `format` right?";
}

std::string ReadEnd(const SourceConfig& source, const std::string& path, FileSystem& fs, Row& row) {
  FormatReader reader(source.lines);
  LineSplitter splitter;
  std::set<std::string> formats;
  std::string last;
  std::string program;
  std::size_t lines = 0;
  splitter.Feed(EndOf(path, fs), [&](const Line& line) {
    ++lines;
    const Parsed parsed = reader.Parse(line.text);
    const auto* event = std::get_if<DeliveryEvent>(&parsed);
    const Format fit = reader.last_fit();
    if (fit != Format::kAuto) formats.emplace(FormatName(fit));
    if (event != nullptr && !event->time.empty()) last = event->time;
    if (const auto record = ParseSyslogHeader(line.text)) {
      last = record->time;
      program = record->program;
    }
  });
  for (const std::string& format : formats) {
    row.cells[2] += (row.cells[2].empty() ? "" : ", ") + format;
  }
  row.cells[3] = last;
  return lines > 0 && formats.empty() ? NoMailText(path, lines, program) : "";
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

}  // namespace

SourceTable LookAtSources(const std::vector<SourceConfig>& sources, FileSystem& fs) {
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
    const std::string no_mail = ReadEnd(source, Newest(sight.found, fs), fs, row);
    if (sight.complaint.empty()) sight.complaint = no_mail;
    rows.push_back(std::move(row));
    if (sight.complaint.empty() && source.type == SourceType::kJournal) {
      sight.complaint = MissingJournalNames(source);
    }
    if (!sight.complaint.empty()) {
      table.warnings.push_back("source " + source.name + ": " + sight.complaint);
    }
  }
  table.text = TableText(rows);
  return table;
}

}  // namespace bouncesight
