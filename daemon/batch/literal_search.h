// Finds the lines that hold one of some texts, at the speed of memory: gigabytes in seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/batch/log_input.h"
#include "parsers/event/result.h"

namespace bouncesight {

// Immutable but for its scratch: one thread at a time. Others search beside it with one of
// Another().
class LiteralSearch {
 public:
  // `texts`: at least one, none of them empty. Letters of either case are the same, or not.
  static Result<LiteralSearch> For(const std::vector<std::string>& texts, bool any_case);
  // For the same texts, which are not compiled again.
  [[nodiscard]] Result<LiteralSearch> Another() const;
  ~LiteralSearch();
  LiteralSearch(LiteralSearch&&) noexcept;
  LiteralSearch& operator=(LiteralSearch&&) noexcept;

  // Calls `found` for each line of `log`, in order and once, in which one of the texts stands as a
  // word: no letter, digit or part of an address goes on before or behind it. Lines are numbered
  // from 1 and end at a newline; what is longer than a megabyte is cut. The line is valid during
  // the call. The Error names the file; what came before it was found.
  using Found = std::function<void(std::string_view line, std::uint64_t number)>;
  Status Search(const LogRange& log, const Found& found);

 private:
  struct State;
  explicit LiteralSearch(std::unique_ptr<State> state);

  // The lines of `text`, which are whole.
  void SearchLines(std::string_view text, const Found& found);

  std::unique_ptr<State> state_;
};

}  // namespace bouncesight
