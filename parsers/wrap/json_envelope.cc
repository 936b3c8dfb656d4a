#include "parsers/wrap/json_envelope.h"

#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include <simdjson.h>

#include "parsers/text/charset.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// A byte that is not UTF-8 travels through the JSON parser as U+F700 and the byte's value, in the
// private use area, and is turned back behind it.
constexpr unsigned char kEscapeLead = 0xEF;
constexpr unsigned char kEscapeSecond = 0x9C;

// Writes `text` with such bytes replaced; returns the length. `to` has room for three times as
// much.
std::size_t HideForeignBytes(std::string_view text, char* to) {
  std::size_t written = 0;
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) {
      const auto byte = static_cast<unsigned char>(text[0]);  // 0x80 to 0xFF
      to[written++] = static_cast<char>(kEscapeLead);
      to[written++] = static_cast<char>(kEscapeSecond + (byte >> 6));
      to[written++] = static_cast<char>(0x80 | (byte & 0x3F));
      text.remove_prefix(1);
      continue;
    }
    std::memcpy(to + written, text.data(), length);
    written += length;
    text.remove_prefix(length);
  }
  return written;
}

// Makes good what hand-made templates break: raw control characters, halves of surrogate pairs.
void Mend(char* text, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) {
    if (static_cast<unsigned char>(text[at]) < 0x20) text[at] = ' ';
    if (text[at] != '\\') continue;
    ++at;
    if (at + 4 >= size || text[at] != 'u') continue;
    if ((text[at + 1] | 0x20) == 'd' && text[at + 2] >= '8') std::memcpy(text + at + 1, "FFFD", 4);
  }
}

// The way back, into the texts.
std::string_view ShowForeignBytes(std::string_view text, TextRoom& texts) {
  char* to = texts.Room(text.size());
  if (to == nullptr) return text;
  std::size_t written = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = [text, at](std::size_t i) {
      return static_cast<unsigned char>(text[at + i]);
    };
    const bool hidden = byte(0) == kEscapeLead && at + 2 < text.size() &&
                        (byte(1) == kEscapeSecond + 2 || byte(1) == kEscapeSecond + 3);
    if (!hidden) {
      to[written++] = text[at];
      continue;
    }
    to[written++] = static_cast<char>(((byte(1) - kEscapeSecond) << 6) | (byte(2) & 0x3F));
    at += 2;
  }
  return texts.Commit(written);
}

// journald writes what is not UTF-8 as an array of byte values, and a field that occurs several
// times as an array of values, of which the first counts.
std::string_view TextOfArray(simdjson::dom::array array, TextRoom& texts) {
  std::size_t size = 0;
  for (const element item : array) {
    if (std::string_view text; item.get(text) == simdjson::SUCCESS) return text;
    if (simdjson::dom::array inner; item.get(inner) == simdjson::SUCCESS) {
      return TextOfArray(inner, texts);
    }
    ++size;
  }
  char* to = texts.Room(size);
  if (to == nullptr) return {};
  size = 0;
  for (const element item : array) {
    std::uint64_t byte = 0;
    if (item.get(byte) != simdjson::SUCCESS || byte > 255) return {};
    to[size++] = static_cast<char>(byte);
  }
  return texts.Commit(size);
}

std::optional<element> Find(object members, std::string_view key) {
  element value;
  if (members.at_key(key).get(value) == simdjson::SUCCESS) return value;
  const std::size_t dot = FindOrEnd(key, '.');
  if (dot == key.size()) return std::nullopt;
  object inner;
  if (members.at_key(key.substr(0, dot)).get(inner) != simdjson::SUCCESS) return std::nullopt;
  return Find(inner, key.substr(dot + 1));
}

std::string_view TextOfNumber(element value, TextRoom& texts) {
  constexpr std::size_t kLongest = 32;
  char* to = texts.Room(kLongest);
  if (to == nullptr) return {};
  std::to_chars_result written{to, std::errc()};
  if (std::int64_t whole = 0; value.get(whole) == simdjson::SUCCESS) {
    written = std::to_chars(to, to + kLongest, whole);
  } else if (double real = 0; value.get(real) == simdjson::SUCCESS) {
    written = std::to_chars(to, to + kLongest, real, std::chars_format::fixed);
    if (written.ec != std::errc()) return {};
  }
  return texts.Commit(static_cast<std::size_t>(written.ptr - to));
}

// "postfix/smtp[259]:" without pid and colon.
std::string_view ProgramOf(std::string_view tag) {
  ConsumeEnd(tag, ":");
  const std::size_t open = FindOrEnd(tag, '[');
  return tag.ends_with(']') ? tag.substr(0, open) : tag;
}

}  // namespace

struct JsonEnvelope::Impl {
  JsonKeys keys;
  simdjson::dom::parser parser;
  std::string padded;   // the line and the parser's padding
  bool hidden = false;  // HideForeignBytes changed something

  bool Parse(std::string_view line, object& members);
  std::string_view TextOf(element value, TextRoom& texts) const;
  std::string_view First(object members, const std::vector<std::string>& names,
                         TextRoom& texts) const;
  void ReadMessage(object members, TextRoom& texts, Envelope& envelope) const;
};

bool JsonEnvelope::Impl::Parse(std::string_view line, object& members) {
  hidden = !simdjson::validate_utf8(line.data(), line.size());
  const std::size_t room = (hidden ? 3 : 1) * line.size() + simdjson::SIMDJSON_PADDING;
  if (padded.size() < room) padded.resize(room);
  std::size_t size = line.size();
  if (hidden) {
    size = HideForeignBytes(line, padded.data());
  } else {
    std::memcpy(padded.data(), line.data(), size);
  }
  std::memset(padded.data() + size, 0, simdjson::SIMDJSON_PADDING);
  element root;
  if (parser.parse(padded.data(), size, false).get(root) != simdjson::SUCCESS) {
    Mend(padded.data(), size);
    if (parser.parse(padded.data(), size, false).get(root) != simdjson::SUCCESS) return false;
  }
  return root.get(members) == simdjson::SUCCESS;
}

std::string_view JsonEnvelope::Impl::TextOf(element value, TextRoom& texts) const {
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) {
    return hidden ? ShowForeignBytes(text, texts) : text;
  }
  if (simdjson::dom::array array; value.get(array) == simdjson::SUCCESS) {
    return TextOfArray(array, texts);
  }
  return TextOfNumber(value, texts);
}

std::string_view JsonEnvelope::Impl::First(object members, const std::vector<std::string>& names,
                                           TextRoom& texts) const {
  for (const std::string& name : names) {
    const std::optional<element> value = Find(members, name);
    if (!value) continue;
    const std::string_view text = TextOf(*value, texts);
    if (!text.empty()) return text;
  }
  return {};
}

void JsonEnvelope::Impl::ReadMessage(object members, TextRoom& texts, Envelope& envelope) const {
  for (const std::string& name : keys.message) {
    const std::optional<element> value = Find(members, name);
    if (!value || value->is<object>()) continue;
    envelope.has_message = true;
    envelope.message_lost = value->is_null();
    std::string_view text = TextOf(*value, texts);
    const bool newline = ConsumeEnd(text, "\n");
    ConsumeEnd(text, "\r");
    if (name == "log") {
      std::string_view stream;
      if (members.at_key("stream").get(stream) == simdjson::SUCCESS) {
        envelope.stream = stream == "stderr" ? "stderr" : "stdout";
        envelope.ends_line = newline;
      }
    }
    if (name == "MESSAGE") {
      std::string_view partial;
      if (members.at_key("CONTAINER_PARTIAL_MESSAGE").get(partial) == simdjson::SUCCESS) {
        envelope.partial = partial == "true";
      }
    }
    // Blanks at its start are kept: a piece of a cut line may begin with one.
    envelope.record.message = text;
    return;
  }
}

std::string_view ObjectIn(std::string_view line) {
  line = SkipBlanks(line);
  if (!Consume(line, "\x1E")) Consume(line, "data: ");
  return line.starts_with('{') ? line : std::string_view();
}

JsonEnvelope::JsonEnvelope(JsonKeys keys) : impl_(std::make_unique<Impl>()) {
  impl_->keys = std::move(keys);
}
JsonEnvelope::~JsonEnvelope() = default;
JsonEnvelope::JsonEnvelope(JsonEnvelope&&) noexcept = default;
JsonEnvelope& JsonEnvelope::operator=(JsonEnvelope&&) noexcept = default;

bool JsonEnvelope::Open(std::string_view line, TextRoom& texts, Envelope& envelope) {
  object members;
  if (!impl_->Parse(line, members)) return false;
  envelope = Envelope{};
  Record& record = envelope.record;
  impl_->ReadMessage(members, texts, envelope);
  record.json = line;
  if (!envelope.has_message) return true;
  record.program = ProgramOf(impl_->First(members, impl_->keys.program, texts));
  record.host = impl_->First(members, impl_->keys.host, texts);
  record.time = impl_->First(members, impl_->keys.time, texts);
  return true;
}

}  // namespace bouncesight
