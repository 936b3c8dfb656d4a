#include "parsers/wrap/json_reader.h"

#include <simdjson.h>

namespace bouncesight {

struct JsonReader::Impl {
  simdjson::dom::parser parser;
  simdjson::dom::object members;
};

JsonReader::JsonReader() : impl_(std::make_unique<Impl>()) {}
JsonReader::~JsonReader() = default;

bool JsonReader::Open(std::string_view text) {
  impl_->members = {};
  simdjson::dom::element root;
  if (impl_->parser.parse(text.data(), text.size(), true).get(root) != simdjson::SUCCESS) {
    return false;
  }
  return root.get(impl_->members) == simdjson::SUCCESS;
}

std::string_view JsonReader::Text(std::string_view pointer) const {
  std::string_view text;
  if (impl_->members.at_pointer(pointer).get(text) != simdjson::SUCCESS) return {};
  return text;
}

std::int64_t JsonReader::Number(std::string_view pointer, std::int64_t otherwise) const {
  std::int64_t number = 0;
  if (impl_->members.at_pointer(pointer).get(number) != simdjson::SUCCESS) return otherwise;
  return number;
}

}  // namespace bouncesight
