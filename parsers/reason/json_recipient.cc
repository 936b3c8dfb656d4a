#include "parsers/reason/json_recipient.h"

#include <algorithm>

#include <simdjson.h>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr int kMostDepth = 8;

bool NamesARecipient(std::string_view key) {
  static constexpr std::string_view kKeys[] = {
      "email",  "emailaddress",   "email_address",   "recipient", "rcpt",   "rcpt_to",
      "rcptto", "finalrecipient", "final_recipient", "to",        "address"};
  return std::ranges::any_of(kKeys, [key](std::string_view one) { return SameNoCase(key, one); });
}

class Search {
 public:
  void Look(simdjson::dom::element element, bool named, int depth) {
    std::string_view text;
    simdjson::dom::array list;
    simdjson::dom::object object;
    if (element.get(text) == simdjson::SUCCESS) {
      if (named) Take(text);
    } else if (depth == kMostDepth) {
      return;
    } else if (element.get(list) == simdjson::SUCCESS) {
      for (const simdjson::dom::element one : list) Look(one, named, depth + 1);
    } else if (element.get(object) == simdjson::SUCCESS) {
      for (const auto& field : object) Look(field.value, NamesARecipient(field.key), depth + 1);
    }
  }

  std::string found() const { return several_ ? std::string() : found_; }

 private:
  void Take(std::string_view text) {
    const std::string_view address = FindAddress(text);
    if (address.empty() || SameNoCase(address, found_)) return;
    several_ = !found_.empty();
    found_ = address;
  }

  std::string found_;
  bool several_ = false;
};

}  // namespace

std::string RecipientInJson(std::string_view text) {
  text = Strip(text);
  if (!text.starts_with('{') && !text.starts_with('[')) return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return {};
  Search search;
  search.Look(root, false, 0);
  return search.found();
}

std::vector<std::string> ObjectsInJson(std::string_view text) {
  text = Strip(text);
  if (!text.starts_with('[')) return {};
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  if (parser.parse(text.data(), text.size()).get(list) != simdjson::SUCCESS || list.size() < 2)
    return {};
  std::vector<std::string> all;
  for (const simdjson::dom::element one : list) {
    if (!one.is_object()) return {};
    all.push_back(simdjson::minify(one));
  }
  return all;
}

}  // namespace bouncesight
