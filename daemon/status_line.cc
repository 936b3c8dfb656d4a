#include "daemon/status_line.h"

#include <fmt/format.h>

namespace bouncesight {
namespace {

// "; mail: 1 missing, 2 denied" of each source that does not read all it looks for.
std::string Unread(const Published& published) {
  std::string text;
  for (const LiveSource& source : published.sources) {
    if (!source.files) continue;
    std::string states;
    const auto add = [&](std::uint64_t count, const char* state) {
      if (count == 0) return;
      states += (states.empty() ? "" : ", ") + std::to_string(count) + " " + state;
    };
    add(source.files->missing, "missing");
    add(source.files->denied, "denied");
    add(source.files->hung, "hung");
    if (!states.empty()) text += "; " + source.name + ": " + states;
  }
  return text;
}

}  // namespace

std::optional<std::string> StatusLine::Next(const Published& published,
                                            std::chrono::steady_clock::time_point now) {
  if (said_ && now - *said_ < kInterval) return std::nullopt;
  std::uint64_t lines = 0;
  for (const auto& source : published.snapshot->sources) lines += source.lines();
  std::uint64_t behind = 0;
  for (const auto& source : published.sources) behind += source.lag_bytes.value_or(0);
  const double seconds = said_ ? std::chrono::duration<double>(now - *said_).count() : 0;
  const double rate = seconds > 0 ? static_cast<double>(lines - lines_) / seconds : 0;
  said_ = now;
  lines_ = lines;
  return fmt::format("{:.0f} lines/s, {} bytes behind", rate, behind) + Unread(published);
}

}  // namespace bouncesight
