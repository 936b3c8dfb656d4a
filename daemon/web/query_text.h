// The values in the query of a URL ("top=20&lang=zh"), as HTML forms write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// The first value of `key`, with %XX and + undone; bytes as they come, a broken escape as it
// stands. None: the key is not there.
std::optional<std::string> QueryValue(std::string_view query, std::string_view key);

// The keys in their order, with their escapes undone; one that stands twice is there twice.
std::vector<std::string> QueryKeys(std::string_view query);

// A whole number of at least `least`, held to `most`. `otherwise` where it is not there or is none.
std::uint64_t QueryNumber(std::string_view query, std::string_view key, std::uint64_t otherwise,
                          std::uint64_t least, std::uint64_t most);

}  // namespace bouncesight
