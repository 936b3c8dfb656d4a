#include "parsers/format.h"

#include <cstring>
#include <optional>

#include "parsers/coremail.h"
#include "parsers/exim.h"
#include "parsers/postfix.h"
#include "parsers/syslog_header.h"

namespace bouncesight {
namespace {

struct Row {
  Format format;
  std::string_view name;
  ParseFunction parse;
};

// In the order in which kAuto tries them.
constexpr Row kFormats[] = {
    {Format::kPostfix, "postfix", &ParsePostfix},
    {Format::kExim, "exim", &ParseExim},
    {Format::kCoremail, "coremail", &ParseCoremail},
};

const Row* FindRow(Format format) {
  for (const Row& row : kFormats) {
    if (row.format == format) return &row;
  }
  return nullptr;
}

bool IsForeign(const Parsed& parsed) {
  const Skip* skip = std::get_if<Skip>(&parsed);
  return skip != nullptr && skip->reason == SkipReason::kForeign;
}

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string_view FormatName(Format format) {
  const Row* row = FindRow(format);
  return row == nullptr ? "auto" : row->name;
}

std::optional<Format> FormatFromName(std::string_view name) {
  if (name == "auto") return Format::kAuto;
  for (const Row& row : kFormats) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::vector<std::string_view> FormatNames() {
  std::vector<std::string_view> names{"auto"};
  for (const Row& row : kFormats) names.push_back(row.name);
  return names;
}

FormatReader::FormatReader(Format format) : format_(format) {}

Parsed FormatReader::Parse(std::string_view line) {
  scratch_.Reset();
  if (IsBlank(line)) return Skip{SkipReason::kEmpty};
  if (std::optional<Record> record = ParseSyslogHeader(line)) return ParseRecord(*record);
  Record bare;
  bare.message = line;
  Parsed parsed = ParseRecord(bare);
  if (!IsForeign(parsed)) return parsed;
  const bool binary = std::memchr(line.data(), '\0', line.size()) != nullptr;
  return Skip{binary ? SkipReason::kBinary : SkipReason::kUnknownFormat};
}

Parsed FormatReader::ParseRecord(const Record& record) {
  const Format first = format_ == Format::kAuto ? last_fit_ : format_;
  if (const Row* row = FindRow(first)) {
    Parsed parsed = row->parse(record, scratch_);
    if (!IsForeign(parsed)) {
      last_fit_ = first;
      return parsed;
    }
  }
  if (format_ != Format::kAuto) return Skip{SkipReason::kForeign};
  for (const Row& row : kFormats) {
    if (row.format == first) continue;
    Parsed parsed = row.parse(record, scratch_);
    if (IsForeign(parsed)) continue;
    last_fit_ = row.format;
    return parsed;
  }
  return Skip{SkipReason::kForeign};
}

}  // namespace bouncesight
