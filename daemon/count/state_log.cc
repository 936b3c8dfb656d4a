#include "daemon/count/state_log.h"

#include <algorithm>

#include "daemon/count/crc32c.h"
#include "daemon/count/state_slot.h"

namespace bouncesight {
namespace {

constexpr std::string_view kLogMagic = "BSL\n";
constexpr std::size_t kChecksumAt = 20;

std::uint64_t Padded(std::uint64_t bytes) { return (bytes + kLogPage - 1) / kLogPage * kLogPage; }

std::uint32_t ChecksumOf(std::string_view header, std::string_view payload) {
  std::string covered(header.substr(0, kChecksumAt));
  PutNumber(covered, Crc32c(payload), 4);
  return Crc32c(covered);
}

enum class Found : std::uint8_t { kNext, kOther, kTorn };

struct LogRecordView {
  std::string_view payload;
  std::uint64_t generation = 0;
  std::uint32_t link = 0, checksum = 0;
};

// A whole record at the front of `bytes`: kNext.
Found ReadRecord(std::string_view bytes, LogRecordView& record) {
  if (!bytes.starts_with(kLogMagic)) return Found::kOther;
  if (bytes.size() < kLogHeaderBytes) return Found::kTorn;
  const auto length = static_cast<std::size_t>(TakeNumber(bytes, 4, 4));
  if (length > bytes.size() - kLogHeaderBytes) return Found::kTorn;
  record.payload = bytes.substr(kLogHeaderBytes, length);
  record.checksum = ChecksumOf(bytes, record.payload);
  if (TakeNumber(bytes, kChecksumAt, 4) != record.checksum) return Found::kTorn;
  record.generation = TakeNumber(bytes, 8, 8);
  record.link = static_cast<std::uint32_t>(TakeNumber(bytes, 16, 4));
  return Found::kNext;
}

Found ReadRecord(std::string_view bytes, LogPlace& place, std::string_view& payload) {
  if (place.offset >= bytes.size()) return Found::kOther;
  LogRecordView record;
  const Found found = ReadRecord(bytes.substr(place.offset), record);
  if (found != Found::kNext) return found;
  if (record.generation != place.generation + 1 || record.link != place.link) return Found::kOther;
  payload = record.payload;
  place = {record.generation, record.checksum,
           place.offset + Padded(kLogHeaderBytes + payload.size())};
  return Found::kNext;
}

}  // namespace

std::string LogRecord(LogPlace& place, std::string_view payload) {
  std::string record(kLogMagic);
  PutNumber(record, payload.size(), 4);
  PutNumber(record, place.generation + 1, 8);
  PutNumber(record, place.link, 4);
  const std::uint32_t checksum = ChecksumOf(record, payload);
  PutNumber(record, checksum, 4);
  record += payload;
  record.resize(Padded(record.size()));
  place = {place.generation + 1, checksum, place.offset + record.size()};
  return record;
}

LogContent ReadLog(std::string_view bytes, LogPlace begin) {
  LogContent content;
  content.end = begin;
  std::string_view payload;
  Found found = ReadRecord(bytes, content.end, payload);
  for (; found == Found::kNext; found = ReadRecord(bytes, content.end, payload)) {
    content.payloads.push_back(payload);
  }
  content.torn = found == Found::kTorn;
  return content;
}

std::uint64_t NewestIn(std::string_view bytes) {
  std::uint64_t newest = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kLogPage) {
    LogRecordView record;
    if (ReadRecord(bytes.substr(at), record) == Found::kNext) {
      newest = std::max(newest, record.generation);
    }
  }
  return newest;
}

}  // namespace bouncesight
