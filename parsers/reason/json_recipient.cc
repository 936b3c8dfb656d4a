#include "parsers/reason/json_recipient.h"

#include <algorithm>

#include <simdjson.h>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/text_lines.h"
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

std::string RecipientWithin(simdjson::dom::element element) {
  Search search;
  search.Look(element, false, 0);
  return search.found();
}

bool AreObjects(simdjson::dom::array list) {
  return std::all_of(list.begin(), list.end(),
                     [](simdjson::dom::element one) { return one.is_object(); });
}

// An array of what befell several recipients: Amazon SES' "bouncedRecipients", Mailgun's "items".
bool TellsOfSeveral(simdjson::dom::array list) {
  return list.size() >= 2 && AreObjects(list) &&
         std::all_of(list.begin(), list.end(),
                     [](simdjson::dom::element one) { return !RecipientWithin(one).empty(); });
}

// The words beside such an array, for an object in it that says nothing but whom it means.
std::string WordsBeside(simdjson::dom::object parent, simdjson::dom::object alone) {
  std::string all = "{";
  for (const simdjson::dom::object& one : {parent, alone}) {
    for (const auto& field : one) {
      if (!field.value.is_string()) continue;
      if (all.size() > 1) all += ',';
      all.append("\"").append(field.key).append("\":").append(simdjson::minify(field.value));
    }
  }
  return all + "}";
}

void AddEach(simdjson::dom::object parent, simdjson::dom::array list,
             std::vector<std::string>& all) {
  for (const simdjson::dom::element one : list) {
    simdjson::dom::object object;
    const bool alone = one.get(object) == simdjson::SUCCESS && object.size() == 1;
    all.push_back(alone ? WordsBeside(parent, object) : simdjson::minify(one));
  }
}

// The first array of that kind that `element` holds, at any depth.
bool AddSeveral(simdjson::dom::element element, int depth, std::vector<std::string>& all) {
  simdjson::dom::object object;
  if (depth == kMostDepth || element.get(object) != simdjson::SUCCESS) return false;
  for (const auto& field : object) {
    simdjson::dom::array list;
    if (field.value.get(list) == simdjson::SUCCESS && TellsOfSeveral(list)) {
      AddEach(object, list, all);
      return true;
    }
    if (AddSeveral(field.value, depth + 1, all)) return true;
  }
  return false;
}

void AddEvents(simdjson::dom::element event, std::vector<std::string>& all) {
  if (!AddSeveral(event, 0, all)) all.push_back(simdjson::minify(event));
}

// An array of objects, or of such arrays.
void AddRoot(simdjson::dom::element root, int depth, std::vector<std::string>& all) {
  simdjson::dom::array events;
  if (root.is_object()) return AddEvents(root, all);
  if (depth == kMostDepth || root.get(events) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element one : events) AddRoot(one, depth + 1, all);
}

// The object that a queue or topic carries as a string, as Amazon SNS' "Message" does.
std::string_view WrappedObject(simdjson::dom::element root) {
  std::string_view text;
  const bool found = root.at_key_case_insensitive("message").get(text) == simdjson::SUCCESS;
  return found && Strip(text).starts_with('{') ? text : std::string_view();
}

}  // namespace

std::string RecipientInJson(std::string_view text) {
  text = Strip(text);
  if (!text.starts_with('{') && !text.starts_with('[')) return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return {};
  return RecipientWithin(root);
}

namespace {

// A wrapper in a wrapper is read once: what is inside is of the same kind at most.
std::vector<std::string> ObjectsInWrapper(std::string_view wrapped) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(wrapped.data(), wrapped.size()).get(root) != simdjson::SUCCESS) return {};
  std::vector<std::string> all;
  AddEvents(root, all);
  return all;
}

}  // namespace

std::vector<std::string> ObjectsInJson(std::string_view text) {
  text = Strip(text);
  if (!text.starts_with('{') && !text.starts_with('[')) return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return {};
  const std::string_view wrapped = WrappedObject(root);
  if (!wrapped.empty()) return ObjectsInWrapper(wrapped);
  std::vector<std::string> all;
  AddRoot(root, 0, all);
  return all.size() < 2 ? std::vector<std::string>() : all;
}

std::vector<std::string> ObjectLinesInJson(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const std::string_view line = Strip(TakeLine(text));
    if (line.empty()) continue;
    if (!line.starts_with('{') || RecipientInJson(line).empty()) return {};
    all.emplace_back(line);
  }
  return all;
}

}  // namespace bouncesight
