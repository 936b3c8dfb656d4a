#include "tests/parsers/mta/wrappers.h"

namespace bouncesight {

std::string JsonQuoted(std::string_view text, bool escape_slash) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || (c == '/' && escape_slash)) quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

namespace {

constexpr std::string_view kTime = "2026-11-21T16:49:30.123456+00:00";

// Docker names a container by its id, where the program does not say who it is.
std::string Tag(const GeneratedLine& line) {
  return (line.program.empty() ? "4f1a2b3c" : line.program) + "[4711]:";
}

// What rsyslog and RFC 5424 keep of "postfix/smtp".
std::string CutName(const GeneratedLine& line) {
  return line.program.substr(0, line.program.find('/'));
}

std::string File(const GeneratedLine& line) {
  return "Nov  1 16:49:30 mx1 " + Tag(line) + " " + line.message;
}

std::string Rfc5424(const GeneratedLine& line) {
  return "<22>1 2026-11-21T16:49:30Z mx1 " + line.program + " 4711 - [o@1 k=\"v\\]\"] " +
         line.message;
}

std::string ByteArray(std::string_view text) {
  std::string array = "[";
  for (const char c : text) {
    if (array.size() > 1) array += ',';
    array += std::to_string(static_cast<unsigned char>(c));
  }
  return array += ']';
}

std::string Docker(std::string_view log) {
  return "{\"log\":\"" + std::string(log.substr(1, log.size() - 2)) +
         "\",\"stream\":\"stdout\",\"time\":\"2026-11-21T16:49:30.123456789Z\"}";
}

std::string DockerLast(std::string_view text) {
  const std::string quoted = JsonQuoted(text);
  return Docker(quoted.substr(0, quoted.size() - 1) + "\\n\"");
}

using Lines = std::vector<std::string>;

Lines RsyslogObject(const GeneratedLine& line) {
  return {
      "{ \"msg\": " + JsonQuoted(" " + line.message, true) +
      ", \"timereported\": \"2026-11-21T16:49:30+00:00\", \"hostname\": \"mx1\", \"syslogtag\": " +
      JsonQuoted(Tag(line), true) + ", \"programname\": " + JsonQuoted(CutName(line)) + " }"};
}

Lines JournalObject(const GeneratedLine& line) {
  return {"{\"_PID\":\"4711\",\"MESSAGE\":" + JsonQuoted(line.message) +
          ",\"SYSLOG_IDENTIFIER\":" + JsonQuoted(line.program) +
          ",\"__REALTIME_TIMESTAMP\":\"1795280970000000\",\"_HOSTNAME\":\"mx1\"}"};
}

Lines JournalBytes(const GeneratedLine& line) {
  return {"{\"SYSLOG_IDENTIFIER\":" + JsonQuoted(line.program) +
          ",\"MESSAGE\":" + ByteArray(line.message) + "}"};
}

Lines SyslogNgObject(const GeneratedLine& line) {
  return {"{\"PROGRAM\":" + JsonQuoted(line.program) + ",\"PID\":\"4711\",\"MESSAGE\":" +
          JsonQuoted(line.message) + ",\"HOST\":\"mx1\",\"DATE\":\"Nov 21 16:49:30\"}"};
}

Lines DockerPieces(const GeneratedLine& line) {
  const std::string whole = File(line);
  return {Docker(JsonQuoted(whole.substr(0, 70))), Docker(JsonQuoted(whole.substr(70, 5))),
          DockerLast(whole.substr(75))};
}

Lines CriPieces(const GeneratedLine& line) {
  const std::string whole = File(line);
  const std::string head(kTime);
  return {head + " stdout P " + whole.substr(0, 60), head + " stdout F " + whole.substr(60)};
}

// Eight bytes of length, little end first, and the bytes: it may hold what ends a line.
std::string ExportBytes(std::string_view text) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(text.size() >> (8 * i));
  return bytes.append(text);
}

Lines ExportRecord(const GeneratedLine& line) {
  return {"__CURSOR=s=1;i=2",        "__REALTIME_TIMESTAMP=1795280970000000",
          "_HOSTNAME=mx1",           "SYSLOG_IDENTIFIER=" + line.program,
          "MESSAGE=" + line.message, ""};
}

Lines ExportRecordOfBytes(const GeneratedLine& line) {
  return {"__CURSOR=s=1;i=2", "SYSLOG_IDENTIFIER=" + line.program, "MESSAGE",
          ExportBytes(line.message), ""};
}

Lines ContainerInJournal(const GeneratedLine& line) {
  const std::string whole = File(line);
  const std::string head = "{\"CONTAINER_NAME\":\"mail\",\"SYSLOG_IDENTIFIER\":\"4f1a2b3c\",";
  return {head + "\"CONTAINER_PARTIAL_MESSAGE\":\"true\",\"MESSAGE\":" +
              JsonQuoted(whole.substr(0, whole.size() / 2)) + "}",
          head + "\"MESSAGE\":" + JsonQuoted(whole.substr(whole.size() / 2)) + "}"};
}

Lines Behind(std::string_view prefix, std::string_view line) {
  return {std::string(prefix).append(line)};
}

}  // namespace

const std::vector<Wrapper>& AllWrappers() {
  static const std::vector<Wrapper> kWrappers = {
      {"file", [](const GeneratedLine& l) { return Lines{File(l)}; }},
      {"iso",
       [](const GeneratedLine& l) {
         return Lines{std::string(kTime) + " mx1 " + Tag(l) + " " + l.message};
       }},
      {"short-iso",
       [](const GeneratedLine& l) {
         return Lines{"2026-11-21T17:09:30+0000 mx1 " + Tag(l) + " " + l.message};
       }},
      {"year first",
       [](const GeneratedLine& l) {
         return Lines{"2026 Nov 21 16:49:30.123 mx1 " + Tag(l) + " " + l.message};
       }},
      {"rfc3164", [](const GeneratedLine& l) { return Lines{"<22>" + File(l)}; }},
      {"rfc3164 without host",
       [](const GeneratedLine& l) {
         return Lines{"<22>Nov 21 16:49:30 " + Tag(l) + " " + l.message};
       }},
      {"rfc5424", [](const GeneratedLine& l) { return Lines{Rfc5424(l)}; }},
      {"rfc5424 of rsyslog",
       [](const GeneratedLine& l) {
         return Lines{"<22>1 2026-11-21T16:49:30+00:00 mx1 " + CutName(l) + " 4711 - -  " +
                      l.message};
       }},
      {"octet count",
       [](const GeneratedLine& l) {
         const std::string inner = Rfc5424(l);
         return Lines{std::to_string(inner.size()) + " " + inner};
       }},
      {"journald", &JournalObject},
      {"journald bytes", &JournalBytes},
      {"rsyslog", &RsyslogObject},
      {"syslog-ng", &SyslogNgObject},
      {"docker", [](const GeneratedLine& l) { return Lines{DockerLast(File(l))}; }},
      {"docker pieces", &DockerPieces},
      {"cri",
       [](const GeneratedLine& l) { return Lines{std::string(kTime) + " stderr F " + File(l)}; }},
      {"cri pieces", &CriPieces},
      {"compose", [](const GeneratedLine& l) { return Lines{"mail-1  | " + File(l)}; }},
  };
  return kWrappers;
}

const std::vector<Wrapper>& OuterWrappers() {
  using Line = const GeneratedLine&;
  static const std::vector<Wrapper> kWrappers = {
      {"bare", [](Line l) { return Lines{l.message}; }},
      {"no time", [](Line l) { return Lines{Tag(l) + " " + l.message}; }},
      {"no process",
       [](Line l) { return Behind("Nov 21 16:49:30 mx1 ", l.program + ": " + l.message); }},
      {"priority alone", [](Line l) { return Behind("<22>", l.message); }},
      {"rfc5424 without a priority",
       [](Line l) { return Behind("1 ", Rfc5424(l).substr(std::string_view("<22>1 ").size())); }},
      {"octet count that is wrong", [](Line l) { return Behind("7 ", Rfc5424(l)); }},
      {"cee",
       [](Line l) { return Behind("Nov 21 16:49:30 mx1 a[1]: @cee: ", RsyslogObject(l)[0]); }},
      {"supervisord", [](Line l) { return Behind("2026-11-21 16:49:30,123 ", File(l)); }},
      {"multilog", [](Line l) { return Behind("@4000000069229e5a0a1b2c3d ", File(l)); }},
      {"svlogd", [](Line l) { return Behind("2026-11-21_16:49:30.12345 ", File(l)); }},
      {"foreman", [](Line l) { return Behind("16:49:30 mail.1   | ", File(l)); }},
      {"kubectl", [](Line l) { return Behind("[pod/mx-0/postfix] ", File(l)); }},
      {"grep", [](Line l) { return Behind("mail.log:12:", File(l)); }},
      {"docker logs -t",
       [](Line l) { return Behind("2026-11-21T16:49:30.123456789Z ", l.message); }},
      {"journalctl", [](Line l) { return Behind("[   12.345678 <    0.001234 >] ", File(l)); }},
      {"mark", [](Line l) { return Behind("\xEF\xBB\xBF", File(l)); }},
      {"export", &ExportRecord},
      {"export of bytes", &ExportRecordOfBytes},
      {"container in journal", &ContainerInJournal},
      {"header in header",
       [](Line l) { return Behind("Nov 21 16:49:31 log 4f1a2b3c[9]: ", File(l)); }},
      {"header of a container called postfix",
       [](Line l) { return Behind("Nov 21 16:49:31 mx1 postfix[9]: ", File(l)); }},
      {"header in a line of postfix/smtp",
       [](Line l) { return Behind("Nov 21 16:49:31 mx1 postfix/smtp[9]: ", File(l)); }},
      {"object in header",
       [](Line l) { return Behind("Nov 21 16:49:31 log docker[9]: ", JournalObject(l)[0]); }},
      {"docker in cri",
       [](Line l) { return Behind("2026-11-21T16:49:30Z stdout F ", DockerLast(File(l))); }},
      {"object in object",
       [](Line l) { return Lines{"{\"message\":" + JsonQuoted(JournalObject(l)[0]) + "}"}; }},
      {"four layers",
       [](Line l) {
         return Behind("<22>Nov 21 16:49:31 a b[1]: <22>Nov 21 16:49:31 c d[1]: ",
                       "<22>Nov 21 16:49:31 e f[1]: " + File(l));
       }},
      {"repeated",
       [](Line l) {
         return Behind("Nov 21 16:49:30 mx1 " + Tag(l) + " ",
                       "message repeated 3 times: [ " + l.message + "]");
       }},
      {"docker without its end", [](Line l) { return Lines{Docker(JsonQuoted(File(l)))}; }},
      {"lost message",
       [](Line l) {
         return Lines{"{\"SYSLOG_IDENTIFIER\":" + JsonQuoted(l.program) + ",\"MESSAGE\":null}"};
       }},
  };
  return kWrappers;
}

}  // namespace bouncesight
