// An SMTP reply as it stands in a log: reply code (RFC 5321 section 4.2), enhanced status code (RFC
// 3463), the phase of the session in which it was given, and its text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bouncesight {

// class.subject.detail. All zero: the reply has none.
struct EnhancedCode {
  std::uint8_t status_class = 0;  // 2, 4 or 5
  std::uint16_t subject = 0;
  std::uint16_t detail = 0;

  bool present() const { return status_class != 0; }
  friend bool operator==(const EnhancedCode&, const EnhancedCode&) = default;
};

// "5.7.606" into a caller's buffer; the view is into that buffer. Empty for an absent code.
using EnhancedCodeText = std::array<char, 16>;
std::string_view FormatEnhancedCode(EnhancedCode code, EnhancedCodeText& buffer);

// Where in the session the peer answered, or where it broke.
enum class Phase : std::uint8_t {
  kUnknown,
  kConnect,  // before a session: name look-up, TCP connect, the greeting
  kEhlo,     // EHLO, HELO, LHLO, XFORWARD
  kTls,
  kAuth,
  kMail,
  kRcpt,
  kData,       // the DATA command itself
  kEndOfData,  // the message body and the final dot
  kQuit,
};
std::string_view PhaseName(Phase phase);  // "connect", "ehlo", "tls", … ; empty for kUnknown

// Who speaks: the remote host, or our own MTA about what it met ("connect to …: timed out").
enum class Origin : std::uint8_t { kUnknown, kRemote, kLocal };

// `text` holds the reply as written, codes included, wrapper taken off: "550 5.1.1 <x@example.net>:
// no such user". It views the caller's bytes.
struct Reply {
  std::uint16_t code = 0;  // as written, 999 too; 0: none
  EnhancedCode enhanced;
  Phase phase = Phase::kUnknown;
  Origin origin = Origin::kUnknown;
  std::string_view text;
};

// "550" at the start of `text`: three digits, with no digit or dot behind them. 0: something else
// stands there.
std::uint16_t ReplyCodeAt(std::string_view text);

// Reads code and enhanced code off the start of `text`. In a multi-line reply the first code found
// counts; an enhanced code may also stand in qmail's "(#5.1.2)". phase and origin are left unknown.
Reply ParseReply(std::string_view text);

// "5.1.1" at the start of `text`, followed by no further digit or dot. Absent: status_class 0.
// `length` receives the number of bytes read.
EnhancedCode ParseEnhancedCode(std::string_view text, std::size_t& length);

}  // namespace bouncesight
