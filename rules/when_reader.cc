#include "rules/when_reader.h"

#include <charconv>

#include "rules/near_name.h"

namespace bouncesight {
namespace {

std::optional<std::uint16_t> Number(std::string_view text, std::uint16_t most) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

// "550", "4xx", "55x".
std::optional<CodeRange> ParseCode(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  std::uint16_t width = 1;
  while (!text.empty() && (text.back() == 'x' || text.back() == 'X')) {
    text.remove_suffix(1);
    width = static_cast<std::uint16_t>(width * 10);
  }
  const auto head = Number(text, 999);
  if (!head) return std::nullopt;
  const auto first = static_cast<std::uint16_t>(*head * width);
  return CodeRange{first, static_cast<std::uint16_t>(first + width - 1)};
}

std::optional<std::uint16_t> ParseLevel(std::string_view text) {
  return text == "*" ? EnhancedPattern::kAny : Number(text, 999);
}

// "5.7.1", "5.7.*", "x.2.2".
std::optional<EnhancedPattern> ParseEnhanced(std::string_view text) {
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('.', first + 1);
  const std::string_view head = text.substr(0, first);
  EnhancedPattern pattern;
  if (head != "x" && head != "*") {
    const auto status = Number(head, 5);
    if (!status || *status < 2) return std::nullopt;
    pattern.status_class = static_cast<std::uint8_t>(*status);
  }
  const auto subject = ParseLevel(text.substr(first + 1, second - first - 1));
  const auto detail = second == std::string_view::npos ? std::optional(EnhancedPattern::kAny)
                                                       : ParseLevel(text.substr(second + 1));
  if (!subject || !detail) return std::nullopt;
  pattern.subject = *subject;
  pattern.detail = *detail;
  return pattern;
}

std::optional<Phase> ParsePhase(std::string_view text) {
  for (int i = 1; i <= static_cast<int>(Phase::kQuit); ++i) {
    if (PhaseName(static_cast<Phase>(i)) == text) return static_cast<Phase>(i);
  }
  return std::nullopt;
}

template <typename T, typename Parse>
std::vector<T> ReadList(const YAML::Node& node, std::string_view key, std::string_view form,
                        Parse parse, YamlErrors& errors) {
  std::vector<T> values;
  for (const std::string& text : ReadTexts(node, key, errors)) {
    if (const auto value = parse(text)) {
      values.push_back(*value);
    } else {
      errors.Add(node, key, InQuotes(text) + " is not understood; write " + std::string(form));
    }
  }
  return values;
}

Origin ReadOrigin(const YAML::Node& node, YamlErrors& errors) {
  const std::string text = ReadText(node, "origin", errors);
  if (text == "remote") return Origin::kRemote;
  if (text == "local") return Origin::kLocal;
  errors.Add(node, "origin", "must be remote or local");
  return Origin::kUnknown;
}

}  // namespace

When ReadWhen(const YAML::Node& node, YamlErrors& errors) {
  When when;
  ReadMap(node, "when",
          {{"code",
            [&](const YAML::Node& n) {
              when.codes = ReadList<CodeRange>(n, "code", "550, 55x or 5xx", ParseCode, errors);
            }},
           {"enhanced",
            [&](const YAML::Node& n) {
              when.enhanced = ReadList<EnhancedPattern>(n, "enhanced", "5.1.1, 5.7.* or x.2.2",
                                                        ParseEnhanced, errors);
            }},
           {"phase",
            [&](const YAML::Node& n) {
              when.phases = ReadList<Phase>(
                  n, "phase", "connect, ehlo, tls, auth, mail, rcpt, data, end_of_data or quit",
                  ParsePhase, errors);
            }},
           {"provider",
            [&](const YAML::Node& n) { when.providers = ReadTexts(n, "provider", errors); }},
           {"origin", [&](const YAML::Node& n) { when.origin = ReadOrigin(n, errors); }}},
          errors);
  return when;
}

}  // namespace bouncesight
