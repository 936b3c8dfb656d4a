#include "parsers/wrap/json_reader.h"

#include <simdjson.h>

namespace bouncesight {

struct JsonReader::Impl {
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  bool open = false;  // an object that is none must not be asked
};

JsonReader::JsonReader() : impl_(std::make_unique<Impl>()) {}
JsonReader::~JsonReader() = default;

bool JsonReader::Open(std::string_view text) {
  simdjson::dom::element root;
  impl_->open =
      impl_->parser.parse(text.data(), text.size(), true).get(root) == simdjson::SUCCESS &&
      root.get(impl_->members) == simdjson::SUCCESS;
  return impl_->open;
}

std::string_view JsonReader::Text(std::string_view pointer) const {
  std::string_view text;
  if (!impl_->open || impl_->members.at_pointer(pointer).get(text) != simdjson::SUCCESS) return {};
  return text;
}

std::int64_t JsonReader::Number(std::string_view pointer, std::int64_t otherwise) const {
  std::int64_t number = 0;
  const bool found =
      impl_->open && impl_->members.at_pointer(pointer).get(number) == simdjson::SUCCESS;
  return found ? number : otherwise;
}

}  // namespace bouncesight
