// What the daemon says of itself: one line per message to stderr, through spdlog's default logger,
// so that any file says spdlog::info("…"). Only printable ASCII leaves it: all else is written
// \xNN, for a remote host chooses some of the words. Of the mail logs it shows one line per source
// and run at most, the first that could not be read (format_watch.h).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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
