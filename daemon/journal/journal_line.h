// One entry of the journal as the line that a syslog daemon would have written of it, which every
// reader of lines understands.
#pragma once

#include <cstdint>
#include <string>

namespace bouncesight {

// The fields of interest, as they stand in the journal: any bytes.
struct JournalEntry {
  std::uint64_t realtime_us = 0;  // __REALTIME_TIMESTAMP
  std::string host;               // _HOSTNAME
  std::string identifier;         // SYSLOG_IDENTIFIER
  std::string command;            // _COMM: stands in for a missing identifier
  std::string pid;                // SYSLOG_PID, or _PID
  std::string unit;               // _SYSTEMD_UNIT
  std::string message;            // MESSAGE
  std::string container;          // CONTAINER_ID: a container log driver wrote it
  std::string partial;            // CONTAINER_PARTIAL_MESSAGE: "true" where its line goes on

  void Clear();
};

// Appends "2026-11-21T17:00:00.123456+00:00 mx1 postfix/smtp[9]: message\n". One entry is one line,
// whatever its fields hold: control characters in the message become blanks, and what could not
// stand in a header becomes "_". A message that is a JSON object is marked "@cee:", as syslog does.
// A container's entry becomes "2026-11-21T17:00:00.123456+00:00 stdout F message", or P for a piece
// of a line, as Kubernetes writes it: what the program in it wrote is then read as its own line.
void AppendJournalLine(const JournalEntry& entry, std::string& out);

}  // namespace bouncesight
