#include "parsers/wrap/journal_export.h"

#include <algorithm>

#include "parsers/text/text.h"

namespace bouncesight {
namespace {

constexpr std::string_view kFirstField = "__CURSOR=";
constexpr std::size_t kLengthBytes = 8;

bool IsFieldName(std::string_view name) {
  for (const char c : name) {
    if (c != '_' && !IsDigit(c) && !IsUpper(c)) return false;
  }
  return !name.empty();
}

std::uint64_t LittleEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = kLengthBytes; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

}  // namespace

std::string* JournalExport::FieldOf(std::string_view name) {
  if (name == "MESSAGE") return &message_;
  if (name == "SYSLOG_IDENTIFIER") return &program_;
  if (name == "_HOSTNAME") return &host_;
  if (name == "__REALTIME_TIMESTAMP") return &time_;
  if (name == "CONTAINER_PARTIAL_MESSAGE") return &partial_;
  return &ignored_;
}

void JournalExport::Begin() {
  for (std::string* field : {&time_, &host_, &program_, &message_, &partial_, &bytes_})
    field->clear();
  pending_ = nullptr;
  active_ = true;
}

// The bytes may hold newlines, at which the line was cut.
void JournalExport::TakeBytes(std::string_view line) {
  bytes_.append(line).push_back('\n');
  if (bytes_.size() < kLengthBytes) return;
  const std::uint64_t length = LittleEndian(bytes_);
  const bool whole = bytes_.size() - kLengthBytes > length;
  if (!whole && bytes_.size() < kMaxFieldBytes) return;
  if (pending_ != &ignored_ && pending_->empty()) {
    pending_->assign(bytes_, kLengthBytes,
                     static_cast<std::size_t>(std::min<std::uint64_t>(length, kMaxFieldBytes)));
  }
  pending_ = nullptr;
}

JournalExport::Step JournalExport::Take(std::string_view line, Record& record) {
  if (line.starts_with(kFirstField)) {
    Begin();
    return Step::kField;
  }
  if (!active_) return Step::kNone;
  if (pending_ != nullptr) {
    TakeBytes(line);
    return Step::kField;
  }
  if (line.empty()) {
    active_ = false;
    record = Record{time_, host_, program_, message_, {}, {}};
    return Step::kEnd;
  }
  const std::size_t equals = FindOrEnd(line, '=');
  if (!IsFieldName(line.substr(0, equals))) {
    active_ = false;
    return Step::kNone;
  }
  std::string* field = FieldOf(line.substr(0, equals));
  if (equals == line.size()) {
    pending_ = field;
    bytes_.clear();
  } else if (field != &ignored_ && field->empty()) {  // of several, the first counts
    field->assign(line.substr(equals + 1, kMaxFieldBytes));
  }
  return Step::kField;
}

}  // namespace bouncesight
