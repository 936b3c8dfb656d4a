// JSON, written in order: just what a summary needs. The caller opens and closes as JSON wants it;
// commas come by themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bouncesight {

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
  void Null() {
    Separate();
    text_ += "null";
  }
  // Any bytes: what is not UTF-8 becomes U+FFFD.
  void String(std::string_view value);

  void Field(std::string_view key, std::uint64_t value) {
    Key(key);
    Number(value);
  }
  void Field(std::string_view key, std::string_view value) {
    Key(key);
    String(value);
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
