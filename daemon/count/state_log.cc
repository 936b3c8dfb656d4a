#include "daemon/count/state_log.h"

#include "daemon/count/crc32c.h"
#include "daemon/count/state_slot.h"

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "BSL\n";
constexpr std::size_t kChecksumAt = 20;

std::uint64_t Padded(std::uint64_t bytes) { return (bytes + kLogPage - 1) / kLogPage * kLogPage; }

std::uint32_t ChecksumOf(std::string_view header, std::string_view payload) {
  std::string covered(header.substr(0, kChecksumAt));
  PutNumber(covered, Crc32c(payload), 4);
  return Crc32c(covered);
}

enum class Found : std::uint8_t { kNext, kOther, kTorn };

Found ReadRecord(std::string_view bytes, LogPlace& place, std::string_view& payload) {
  if (place.offset >= bytes.size()) return Found::kOther;
  bytes.remove_prefix(place.offset);
  if (!bytes.starts_with(kMagic)) return Found::kOther;
  if (bytes.size() < kLogHeaderBytes) return Found::kTorn;
  const auto length = static_cast<std::size_t>(TakeNumber(bytes, 4, 4));
  if (length > bytes.size() - kLogHeaderBytes) return Found::kTorn;
  payload = bytes.substr(kLogHeaderBytes, length);
  const std::uint32_t checksum = ChecksumOf(bytes, payload);
  if (TakeNumber(bytes, kChecksumAt, 4) != checksum) return Found::kTorn;
  if (TakeNumber(bytes, 8, 8) != place.generation + 1) return Found::kOther;
  if (TakeNumber(bytes, 16, 4) != place.link) return Found::kOther;
  place = {place.generation + 1, checksum, place.offset + Padded(kLogHeaderBytes + length)};
  return Found::kNext;
}

}  // namespace

std::string LogRecord(LogPlace& place, std::string_view payload) {
  std::string record(kMagic);
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

}  // namespace bouncesight
