// systemd's Journal Export Format ("journalctl -o export", systemd.io/JOURNAL_EXPORT_FORMATS), put
// together again from its lines.
//
//   __CURSOR=…            the first field of every record
//   MESSAGE=text          a field of plain text
//   MESSAGE               a field that holds other bytes: its name, then the length as eight
//   <length><bytes>       bytes, little end first, and the bytes
//                         an empty line ends the record
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/event/record.h"

namespace bouncesight {

// Not thread-safe. Holds one record's fields of interest, each at most kMaxFieldBytes.
class JournalExport {
 public:
  static constexpr std::size_t kMaxFieldBytes = 64 * 1024;

  enum class Step : std::uint8_t {
    kNone,   // the line is not part of an export
    kField,  // it is, and the record goes on
    kEnd,    // it ends the record
  };

  JournalExport() = default;
  JournalExport(const JournalExport&) = delete;  // pending_ points into the object
  JournalExport& operator=(const JournalExport&) = delete;

  // True between a record's first line and its end: every line must then be shown to Take.
  bool active() const { return active_; }

  // With kEnd, `record` views what is held until the next call.
  Step Take(std::string_view line, Record& record);

  // Whether the line of the last record goes on in the next one: a container's, cut by its runtime.
  bool partial() const { return partial_ == "true"; }

  // Forgets an unfinished record.
  void Abandon() { active_ = false; }

 private:
  std::string* FieldOf(std::string_view name);
  void TakeBytes(std::string_view line);
  void Begin();

  std::string time_, host_, program_, message_, partial_;
  std::string* pending_ = nullptr;  // the field whose bytes are being read
  std::string ignored_;             // stands for a field of no interest
  std::string bytes_;               // length and bytes so far
  bool active_ = false;
};

}  // namespace bouncesight
