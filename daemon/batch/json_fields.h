// How records of events are written as JSON: one flat object, fields that are unknown left out.
// Internal to event_record.cc and ecs_record.cc.
#pragma once

#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "metrics/json_text.h"
#include "parsers/text/ascii.h"

namespace bouncesight {

// "@example.com": of the address only the domain is known.
inline bool IsDomainOnly(std::string_view address) { return address.starts_with('@'); }

// The shortest text that reads back as the same number, in every locale.
template <typename Number>
void AppendNumber(Number value, std::string& out) {
  std::array<char, 32> digits;
  const std::to_chars_result end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

class JsonFields {
 public:
  explicit JsonFields(std::string& out) : out_(out) { out_ += '{'; }
  JsonFields(const JsonFields&) = delete;
  JsonFields& operator=(const JsonFields&) = delete;
  ~JsonFields() { out_ += "}\n"; }

  void Text(std::string_view key, std::string_view text) {
    if (text.empty()) return;
    Key(key);
    AppendJsonString(text, out_);
  }

  template <typename Value>
  void Number(std::string_view key, Value value, bool known) {
    if (!known) return;
    Key(key);
    AppendNumber(value, out_);
  }

 private:
  void Key(std::string_view key) {
    if (out_.back() != '{') out_ += ',';
    out_.append(1, '"').append(key).append("\":");
  }

  std::string& out_;
};

}  // namespace bouncesight
