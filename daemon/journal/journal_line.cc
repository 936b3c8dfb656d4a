#include "daemon/journal/journal_line.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMaxWord = 100;

void AppendTime(std::uint64_t realtime_us, std::string& out) {
  const auto seconds = static_cast<std::time_t>(realtime_us / 1'000'000);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 80> text;
  const int n =
      std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06u+00:00",
                    utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                    utc.tm_sec, static_cast<unsigned>(realtime_us % 1'000'000));
  out.append(text.data(), static_cast<std::size_t>(n));
}

bool IsWordByte(char c) {
  return IsAlnum(c) || std::string_view("._-/@+").find(c) != std::string::npos;
}

// One word of a header: no blank, no bracket, no colon.
void AppendWord(std::string_view text, std::string& out) {
  for (const char c : text.substr(0, kMaxWord)) out += IsWordByte(c) ? c : '_';
}

bool IsNumber(std::string_view text) { return text.size() <= 10 && AllDigits(text); }

void AppendMessage(std::string_view message, std::string& out) {
  while (!message.empty() && (message.back() == '\n' || message.back() == '\r')) {
    message.remove_suffix(1);
  }
  if (message.starts_with('{')) out += "@cee: ";
  for (const char c : message) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    out += control ? ' ' : c;
  }
}

}  // namespace

void JournalEntry::Clear() {
  realtime_us = 0;
  for (std::string* field :
       {&host, &identifier, &command, &pid, &unit, &message, &container, &partial}) {
    field->clear();
  }
}

void AppendJournalLine(const JournalEntry& entry, std::string& out) {
  AppendTime(entry.realtime_us, out);
  if (!entry.container.empty()) {
    out += entry.partial == "true" ? " stdout P " : " stdout F ";
    AppendMessage(entry.message, out);
    out += '\n';
    return;
  }
  out += ' ';
  AppendWord(entry.host.empty() ? "localhost" : entry.host, out);
  out += ' ';
  const std::string& name = entry.identifier.empty() ? entry.command : entry.identifier;
  AppendWord(name.empty() ? "unknown" : name, out);
  if (IsNumber(entry.pid)) out.append("[").append(entry.pid).append("]");
  out += ": ";
  AppendMessage(entry.message, out);
  out += '\n';
}

}  // namespace bouncesight
