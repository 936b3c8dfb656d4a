// One JSON object per line around a log line: journald, Docker's json-file, rsyslog's and
// syslog-ng's templates, Fluent Bit, Vector, GELF and others that name their members alike.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/record.h"
#include "parsers/text/text_room.h"

namespace bouncesight {

// Names of the members that hold the parts of a line; the first one present counts. A dot reaches
// into an inner object: "host.name".
struct JsonKeys {
  std::vector<std::string> message{"MESSAGE", "message", "msg", "log", "short_message", "@message"};
  std::vector<std::string> program{"SYSLOG_IDENTIFIER", "syslogtag", "tag",         "ident",
                                   "PROGRAM",           "program",   "app-name",    "appname",
                                   "programname",       "_COMM",     "process.name"};
  std::vector<std::string> host{"_HOSTNAME", "hostname",  "HOST",
                                "host",      "host.name", "source_host"};
  std::vector<std::string> time{"__REALTIME_TIMESTAMP",
                                "_SOURCE_REALTIME_TIMESTAMP",
                                "@timestamp",
                                "timestamp",
                                "timereported",
                                "time",
                                "ts",
                                "DATE"};

  friend bool operator==(const JsonKeys&, const JsonKeys&) = default;
};

// The object of a line that is one, perhaps behind a record separator (RFC 7464) or the mark of a
// server-sent event; empty: it is none.
std::string_view ObjectIn(std::string_view line);

// What an object holds. Views live until the next Open, or in the TextRoom.
struct Envelope {
  Record record;              // json: the object itself
  bool has_message = false;   // false: not a wrapper; perhaps an MTA's own JSON
  bool message_lost = false;  // the message is null: journald left out a long one
  // Docker's json-file only: the stream's name, and whether the line goes on in the next object.
  std::string_view stream;
  bool ends_line = true;
  // The container log drivers of journald say for sure that a line goes on in the next entry.
  bool partial = false;
};

// Not thread-safe. Keeps its parser's memory from line to line.
class JsonEnvelope {
 public:
  explicit JsonEnvelope(JsonKeys keys = {});
  ~JsonEnvelope();
  JsonEnvelope(JsonEnvelope&&) noexcept;
  JsonEnvelope& operator=(JsonEnvelope&&) noexcept;

  // False: `line` is not a JSON object. Bytes that are not UTF-8, which rsyslog copies into its
  // JSON and strict parsers refuse, come out as they went in; control characters become blanks and
  // lone surrogates U+FFFD. A message in journald's form of an array of byte values is turned back
  // into bytes. A message may have a syslog header of its own: taking it off is the caller's
  // business.
  bool Open(std::string_view line, TextRoom& texts, Envelope& envelope);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bouncesight
