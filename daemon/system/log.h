// What the daemon says of itself: one line per message to stderr, through spdlog's default logger.
// Any file says LogInfo("…", …) from any thread; spdlog and fmt's formatter, which take seconds to
// compile wherever they are included, stay in log.cc. Only printable ASCII leaves it: all else is
// written \xNN, for a remote host chooses some of the words. Of the mail logs it shows one line per
// source and run at most, the first that could not be read (format_watch.h).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace spdlog {
class formatter;
}

namespace bouncesight {

enum class LogFormat : std::uint8_t { kLogfmt, kJson };

inline constexpr std::array<std::string_view, 4> kLogLevels = {"debug", "info", "warn", "error"};

struct LogConfig {
  std::string level = "info";  // one of kLogLevels
  LogFormat format = LogFormat::kLogfmt;
};

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

// Below the level that was set up nothing is formatted.
void WriteLog(LogLevel level, fmt::string_view words, fmt::format_args values);

template <typename... Values>
void LogDebug(fmt::format_string<Values...> words, Values&&... values) {
  WriteLog(LogLevel::kDebug, words, fmt::make_format_args(values...));
}
template <typename... Values>
void LogInfo(fmt::format_string<Values...> words, Values&&... values) {
  WriteLog(LogLevel::kInfo, words, fmt::make_format_args(values...));
}
template <typename... Values>
void LogWarning(fmt::format_string<Values...> words, Values&&... values) {
  WriteLog(LogLevel::kWarning, words, fmt::make_format_args(values...));
}
template <typename... Values>
void LogError(fmt::format_string<Values...> words, Values&&... values) {
  WriteLog(LogLevel::kError, words, fmt::make_format_args(values...));
}

// Call once, before other threads start. With `journald`, lines start with the journal's priority
// ("<6>") and carry no time of their own.
void SetUpLog(const LogConfig& config, bool journald);

// True when stderr goes to the journal (systemd sets JOURNAL_STREAM).
bool StderrIsJournal();

// The formatter behind it, for tests.
std::unique_ptr<spdlog::formatter> MakeLogFormatter(LogFormat format, bool journald);

// `text` within double quotes, everything but printable ASCII, `"` and `\` escaped. With `json`,
// bytes become \u00NN, else \xNN.
std::string QuoteForLog(std::string_view text, bool json);

}  // namespace bouncesight
