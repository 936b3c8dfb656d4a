#include "metrics/summary_mail.h"

#include <algorithm>
#include <cstdio>

#include "metrics/outcomes.h"
#include "metrics/text_table.h"
#include "parsers/text/ascii.h"
#include "parsers/text/civil_time.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
// "=_" cannot stand in quoted-printable text, so no part can hold it.
constexpr std::string_view kBoundary = "=_bouncesight_report";

std::string Hex(unsigned char byte) { return {'=', kHex[byte >> 4], kHex[byte & 0xFU]}; }

// RFC 2045, 6.7.
std::string QuotedPrintable(std::string_view text) {
  constexpr std::size_t kLine = 76;
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      out += '\n';
      column = 0;
      continue;
    }
    const bool line_ends = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = (byte > ' ' && byte < 0x7F && byte != '=') || (byte == ' ' && !line_ends);
    // A lone dot, or "From ", at the start of a line would be changed on the way.
    const bool risky = column == 0 && (byte == '.' || byte == 'F');
    const std::string piece = plain && !risky ? std::string(1, text[i]) : Hex(byte);
    if (column + piece.size() >= kLine) {
      out += "=\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  return out;
}

// RFC 2047: words of whole characters, 75 bytes at most. Plain ASCII stays as it is.
std::string EncodedWords(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  constexpr std::string_view kBegin = "=?utf-8?Q?", kEnd = "?=";
  constexpr std::size_t kRoom = 75 - kBegin.size() - kEnd.size();
  std::string out(kBegin);
  std::size_t column = std::string_view("Subject: ").size();  // the longest name before it
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(Utf8SequenceLength(text), 1);
    std::string piece;
    for (const char c : text.substr(0, size)) {
      piece += IsAlnum(c) ? std::string(1, c) : Hex(static_cast<unsigned char>(c));
    }
    if (column + piece.size() > kRoom) {
      out.append(kEnd).append("\n ").append(kBegin);
      column = 0;
    }
    out += piece;
    column += piece.size();
    text.remove_prefix(size);
  }
  return out.append(kEnd);
}

// "Sat, 21 Nov 2026 17:00:05 +0100" (RFC 5322, 3.3).
std::string MailDate(const Moment& moment) {
  constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};  // from 1970
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t local = moment.seconds + moment.offset;
  const CivilTime at = CivilOfSeconds(local);
  const std::int64_t day = ((local / kDaySeconds - (local % kDaySeconds < 0 ? 1 : 0)) % 7 + 7) % 7;
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%s, %d %s %04d %02d:%02d:%02d ", kDays[day], at.day,
                kMonths[at.month - 1], at.year, at.hour, at.minute, at.second);
  return buffer + ZoneText(moment);
}

void AddPart(std::string& out, std::string_view type, std::string_view body) {
  out.append("--").append(kBoundary).append("\nContent-Type: ").append(type);
  out += "; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n";
  out.append(QuotedPrintable(body)).append("\n");
}

}  // namespace

bool IsHeaderValue(std::string_view value) {
  return !value.empty() && ToUtf8(value) == value &&
         std::none_of(value.begin(), value.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < ' ' || byte == 0x7F;
         });
}

std::string MailSubject(const Summary& summary) {
  std::uint64_t attempts = 0;
  for (std::size_t i = 0; i < kAttemptOutcomeCount && i < summary.outcomes.size(); ++i) {
    attempts += summary.outcomes[i].second;
  }
  std::string subject = "bouncesight: " + ShareText(summary.failures, attempts) + " of " +
                        std::to_string(attempts) + " attempts failed";
  if (attempts == 0) subject = "bouncesight: no attempts";
  if (summary.hosts.empty()) return subject;
  subject += " (" + summary.hosts[0].first;
  const std::size_t more = summary.hosts.size() - 1;
  return subject + (more == 0 ? "" : " and " + std::to_string(more) + " more") + ")";
}

std::string RenderMail(const MailHead& head, std::string_view text, std::string_view html) {
  std::string out = "From: " + EncodedWords(head.from) + "\nTo: " + EncodedWords(head.to) +
                    "\nSubject: " + EncodedWords(head.subject) + "\nDate: " + MailDate(head.date) +
                    "\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
                    "Content-Type: multipart/alternative; boundary=\"";
  out.append(kBoundary).append("\"\n\n");
  AddPart(out, "text/plain", text);
  AddPart(out, "text/html", html);
  return out.append("--").append(kBoundary).append("--\n");
}

}  // namespace bouncesight
