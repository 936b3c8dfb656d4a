// FindSpan by Hyperscan, as it finds the patterns of rules: what GRegex is compared with.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <hs/hs.h>

namespace bouncesight {

// std::nullopt also where Hyperscan does not take the expression.
inline std::optional<std::pair<std::size_t, std::size_t>> HyperscanSpan(
    const std::string& expression, std::string_view text) {
  using Span = std::optional<std::pair<std::size_t, std::size_t>>;
  // The leftmost start, and the longest match from there.
  const auto keep_leftmost = [](unsigned, unsigned long long from, unsigned long long to, unsigned,
                                void* context) {
    Span& span = *static_cast<Span*>(context);
    if (!span || from < span->first || (from == span->first && to > span->second)) {
      span.emplace(from, to);
    }
    return 0;
  };
  constexpr unsigned kFlags = HS_FLAG_CASELESS | HS_FLAG_MULTILINE | HS_FLAG_SOM_LEFTMOST;
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile(expression.c_str(), kFlags, HS_MODE_BLOCK, nullptr, &database, &error) !=
      HS_SUCCESS) {
    hs_free_compile_error(error);
    return std::nullopt;
  }
  Span span;
  hs_scratch_t* scratch = nullptr;
  hs_alloc_scratch(database, &scratch);
  hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, keep_leftmost,
          &span);
  hs_free_scratch(scratch);
  hs_free_database(database);
  return span;
}

}  // namespace bouncesight
