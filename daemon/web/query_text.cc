#include "daemon/web/query_text.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace bouncesight {
namespace {

std::string Decoded(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    plain += escaped ? static_cast<char>(value) : text[i] == '+' ? ' ' : text[i];
    if (escaped) i += 2;
  }
  return plain;
}

struct Pair {
  std::string key;
  std::string_view value;  // as written
};

Pair TakePair(std::string_view& query) {
  const auto end = std::min(query.find('&'), query.size());
  const std::string_view pair = query.substr(0, end);
  query.remove_prefix(std::min(end + 1, query.size()));
  const auto equals = std::min(pair.find('='), pair.size());
  return {Decoded(pair.substr(0, equals)), pair.substr(std::min(equals + 1, pair.size()))};
}

}  // namespace

std::optional<std::string> QueryValue(std::string_view query, std::string_view key) {
  while (!query.empty()) {
    const Pair pair = TakePair(query);
    if (pair.key == key) return Decoded(pair.value);
  }
  return std::nullopt;
}

std::vector<std::string> QueryKeys(std::string_view query) {
  std::vector<std::string> keys;
  while (!query.empty()) {
    Pair pair = TakePair(query);
    if (!pair.key.empty() || !pair.value.empty()) keys.push_back(std::move(pair.key));
  }
  return keys;
}

std::uint64_t QueryNumber(std::string_view query, std::string_view key, std::uint64_t otherwise,
                          std::uint64_t least, std::uint64_t most) {
  const auto text = QueryValue(query, key);
  if (!text) return otherwise;
  std::uint64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || rest != end) return otherwise;
  return std::clamp(value, least, most);
}

}  // namespace bouncesight
