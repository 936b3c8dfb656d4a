#include "daemon/web/content_choice.h"

#include <algorithm>
#include <charconv>

#include "parsers/text/scan.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// Takes the part before `separator` off the front of `text`.
std::string_view Next(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return Trim(part);
}

// "0.5" as thousandths; 1000 for what is not a weight.
int Weight(std::string_view text) {
  double weight = 1;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (error != std::errc{} || weight < 0 || weight > 1) return 1000;
  return static_cast<int>(weight * 1000);
}

struct Choice {
  std::string_view name;  // "text/plain", "gzip"
  std::string_view version;
  int weight = 1000;
};

// Takes one item of the list: "application/openmetrics-text; version=1.0.0; q=0.6".
Choice NextChoice(std::string_view& list) {
  std::string_view item = Next(list, ',');
  Choice choice;
  choice.name = Next(item, ';');
  while (!item.empty()) {
    std::string_view parameter = Next(item, ';');
    const auto key = Next(parameter, '=');
    if (SameNoCase(key, "q")) choice.weight = Weight(Trim(parameter));
    if (SameNoCase(key, "version")) choice.version = Trim(parameter);
  }
  return choice;
}

}  // namespace

ExpositionFormat ChooseFormat(std::string_view accept) {
  int open_metrics = 0;
  int text = 0;
  while (!accept.empty()) {
    const Choice choice = NextChoice(accept);
    if (SameNoCase(choice.name, "application/openmetrics-text")) {
      const bool known =
          choice.version.empty() || choice.version == "1.0.0" || choice.version == "0.0.1";
      if (known) open_metrics = std::max(open_metrics, choice.weight);
    } else if (SameNoCase(choice.name, "text/plain") || SameNoCase(choice.name, "text/*")) {
      text = std::max(text, choice.weight);
    }
  }
  return open_metrics > 0 && open_metrics >= text ? ExpositionFormat::kOpenMetrics
                                                  : ExpositionFormat::kText;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  int gzip = -1;
  int any = 0;
  while (!accept_encoding.empty()) {
    const Choice choice = NextChoice(accept_encoding);
    if (SameNoCase(choice.name, "gzip")) gzip = choice.weight;
    if (choice.name == "*") any = choice.weight;
  }
  return gzip >= 0 ? gzip > 0 : any > 0;
}

Language ChooseLanguage(std::string_view accept_language) {
  int english = 0;
  int chinese = 0;
  while (!accept_language.empty()) {
    const Choice choice = NextChoice(accept_language);
    const auto language = choice.name.substr(0, choice.name.find('-'));
    if (SameNoCase(language, "en")) english = std::max(english, choice.weight);
    if (SameNoCase(language, "zh")) chinese = std::max(chinese, choice.weight);
  }
  return chinese > english ? Language::kChinese : Language::kEnglish;
}

}  // namespace bouncesight
