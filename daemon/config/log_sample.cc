#include "daemon/config/log_sample.h"

#include <algorithm>
#include <memory>
#include <variant>
#include <vector>

#include "daemon/system/log_reader.h"
#include "daemon/system/path_glob.h"
#include "parsers/mta/format_reader.h"
#include "parsers/wrap/line_splitter.h"
#include "parsers/wrap/syslog_header.h"

namespace bouncesight {
namespace {

constexpr std::size_t kEndBytes = 64 * 1024;
constexpr std::chrono::hours kLeftOver{24};  // so long without a line a mail server rarely is
constexpr const char* kElsewhere =
    ": if mail was sent meanwhile, the mail server logs elsewhere: to the journal, to another "
    "file, or to a syslog daemon that is not running";

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

// The last bytes of a log, from a line's start on.
std::string EndOf(const std::string& path, FileSystem& fs) {
  std::unique_ptr<LogReader> reader;
  FileInfo info;
  if (OpenLog(fs, path, reader) < 0 || reader->Info(info) < 0) return {};
  const std::uint64_t from = reader->plain() && info.size > kEndBytes ? info.size - kEndBytes : 0;
  std::string bytes(kEndBytes, '\0');
  const std::int64_t got = reader->ReadAt(bytes, from);
  bytes.resize(static_cast<std::size_t>(std::max<std::int64_t>(0, got)));
  if (from > 0) bytes.erase(0, std::min(bytes.size(), bytes.find('\n') + 1));
  return bytes;
}

LogSample ReadSample(const ReaderOptions& options, std::string_view text) {
  LogSample sample;
  FormatReader reader(options);
  LineSplitter splitter;
  const auto read = [&](const Line& line) {
    ++sample.lines;
    const Parsed parsed = reader.Parse(line.text);
    const auto* event = std::get_if<DeliveryEvent>(&parsed);
    const Format fit = reader.last_fit();
    if (fit != Format::kAuto) sample.formats.emplace(FormatName(fit));
    if (event != nullptr && !event->time.empty()) sample.last = event->time;
    if (const auto record = ParseSyslogHeader(line.text)) {
      sample.last = record->time;
      sample.program = record->program;
    }
  };
  splitter.Feed(text, read);
  splitter.Finish(read);
  return sample;
}

// By `format: auto`: which one would have been right.
std::string RemedyOf(const SourceConfig& source, std::string_view text) {
  if (source.lines.format == Format::kAuto) return "; is this the mail log?";
  const std::string set = "`format: " + std::string(FormatName(source.lines.format)) + "`";
  ReaderOptions any = source.lines;
  any.format = Format::kAuto;
  const LogSample other = ReadSample(any, text);
  if (other.formats.empty()) return "; is this the mail log, and " + set + " right?";
  return ": " + set + " is set, and its lines fit " + *other.formats.begin() +
         "; write `format: " + *other.formats.begin() + "`, or leave the key away";
}

std::string NoMailText(const SourceConfig& source, const std::string& where,
                       const LogSample& sample, std::string_view text) {
  const std::string which = sample.lines == 1 ? "the only line of " + where + " is not"
                                              : "none of the last " + std::to_string(sample.lines) +
                                                    " lines of " + where + " is";
  return which + " of a mail server" +
         (sample.program.empty() ? "" : ", as of `" + sample.program + "`") +
         RemedyOf(source, text);
}

// "mail.log.1" or "mail.log-20261121" beside an empty "mail.log".
bool HasJustBegun(const std::string& path, FileSystem& fs) {
  std::vector<std::string> names;
  if (fs.List(DirectoryOf(path), names) < 0) return false;
  const std::string name = BaseNameOf(path);
  return std::ranges::any_of(names, [&](const std::string& other) {
    FileInfo info;
    return other.size() > name.size() && other.starts_with(name) &&
           (other[name.size()] == '.' || other[name.size()] == '-') &&
           fs.Stat(DirectoryOf(path) + "/" + other, info) == 0 && info.size > 0;
  });
}

std::string EmptyText(const std::vector<std::string>& empty, FileSystem& fs) {
  const auto begun = [&](const std::string& path) { return HasJustBegun(path, fs); };
  if (empty.empty() || std::ranges::any_of(empty, begun)) return {};
  return empty.front() + (empty.size() > 1 ? " is empty, and so are the others" : " is empty") +
         kElsewhere;
}

// The newest log that there is, and yet an old one.
std::string LeftOverText(const std::string& path, FileSystem& fs,
                         std::chrono::system_clock::time_point now) {
  FileInfo info;
  if (fs.Stat(path, info) != 0) return {};
  const std::chrono::nanoseconds written(info.modified_ns);
  const auto hours =
      std::chrono::duration_cast<std::chrono::hours>(now.time_since_epoch() - written).count();
  if (hours < kLeftOver.count()) return {};
  return "nobody has written to " + path + " for " + std::to_string(hours / 24) +
         (hours < 48 ? " day" : " days") + kElsewhere;
}

}  // namespace

std::string CrAloneText(const std::string& where, std::string_view text) {
  if (std::ranges::count(text, '\r') < 2 || text.find('\n') != text.npos) return {};
  return "the lines of " + where +
         " end with CR alone, so that all are one: let its writer end them with LF; "
         "`tr '\\r' '\\n' < FILE | bouncesight report -` reads what is there";
}

LogSample SampleLines(const SourceConfig& source, const std::string& where, std::string_view text) {
  LogSample sample = ReadSample(source.lines, text);
  sample.complaint = CrAloneText(where, text);
  if (sample.complaint.empty() && sample.lines > 0 && sample.formats.empty()) {
    sample.complaint = NoMailText(source, where, sample, text);
  }
  return sample;
}

LogSample SampleNewest(const SourceConfig& source, const SourceSight& sight, FileSystem& fs,
                       std::chrono::system_clock::time_point now) {
  const std::string path = Newest(sight.found, fs);
  if (!path.empty()) {
    LogSample sample = SampleLines(source, path, EndOf(path, fs));
    if (sample.complaint.empty() && source.start == FirstSight::kEnd) {
      sample.complaint = LeftOverText(path, fs, now);
    }
    return sample;
  }
  LogSample sample;
  sample.complaint = EmptyText(sight.found, fs);
  return sample;
}

}  // namespace bouncesight
