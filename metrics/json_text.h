// JSON, written in order: what `report`, `events`, `explain` and `trace` need. The caller opens and
// closes as JSON wants it; commas come by themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bouncesight {

// Any bytes, quoted: what is not UTF-8 becomes U+FFFD, what is not seen (unseen.h) an escape.
void AppendJsonString(std::string_view value, std::string& out);

class JsonText {
 public:
  void Open(char bracket) {  // '{' or '['
    Separate();
    text_ += bracket;
    first_ = true;
  }
  void Close(char bracket) {
    text_ += bracket;
    first_ = false;
  }
  void Key(std::string_view key) {
    String(key);
    text_ += ':';
    first_ = true;
  }
  void Number(std::uint64_t value) {
    Separate();
    text_ += std::to_string(value);
  }
  // With three decimals. Infinity and NaN become null, since JSON has neither.
  void Decimal(double value);
  // The shortest text that reads back as the same number, in every locale.
  void Shortest(double value);
  void Null() {
    Separate();
    text_ += "null";
  }
  void String(std::string_view value) {
    Separate();
    AppendJsonString(value, text_);
  }

  void Field(std::string_view key, std::uint64_t value) {
    Key(key);
    Number(value);
  }
  void Field(std::string_view key, std::string_view value) {
    Key(key);
    String(value);
  }
  // Nothing where there is no text.
  void FieldIfAny(std::string_view key, std::string_view value) {
    if (!value.empty()) Field(key, value);
  }
  void FieldIfAny(std::string_view key, std::uint64_t value) {
    if (value != 0) Field(key, value);
  }
  void Flag(std::string_view key, bool value) {
    Key(key);
    Separate();
    text_ += value ? "true" : "false";
  }

  // "key": ["…", …]
  template <typename Texts>
  void Strings(std::string_view key, const Texts& texts) {
    Key(key);
    Open('[');
    for (const std::string_view text : texts) String(text);
    Close(']');
  }
  // "key": [{…}, …], with what `write` writes of each row.
  template <typename Rows, typename Write>
  void Objects(std::string_view key, const Rows& rows, const Write& write) {
    Key(key);
    Open('[');
    for (const auto& row : rows) {
      Open('{');
      write(row);
      Close('}');
    }
    Close(']');
  }

  std::string Take() { return std::move(text_); }

 private:
  void Separate() {
    if (!first_) text_ += ',';
    first_ = false;
  }

  std::string text_;
  bool first_ = true;
};

}  // namespace bouncesight
