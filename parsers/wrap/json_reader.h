// Members of one JSON object by their path, for MTAs that log JSON of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace bouncesight {

// Keeps its parser's memory from object to object. Not thread-safe.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // False: `text` is not a JSON object in UTF-8. What was open before is closed.
  bool Open(std::string_view text);

  // The string or whole number at a JSON pointer (RFC 6901), "/response/content"; empty or
  // `otherwise` if there is no such one, or nothing is open. A view lives until the next Open.
  std::string_view Text(std::string_view pointer) const;
  std::int64_t Number(std::string_view pointer, std::int64_t otherwise) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bouncesight
