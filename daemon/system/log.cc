#include "daemon/system/log.h"

#include <cstdlib>
#include <ctime>

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace bouncesight {
namespace {

// syslog's priorities, as sd-daemon(3) has them.
char Priority(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::critical:
      return '2';
    case spdlog::level::err:
      return '3';
    case spdlog::level::warn:
      return '4';
    case spdlog::level::info:
      return '6';
    default:
      return '7';
  }
}

spdlog::level::level_enum LevelOf(LogLevel level) {
  constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                  spdlog::level::err};
  return kLevels[static_cast<std::size_t>(level)];
}

std::string Timestamp(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(since - seconds);
  const std::time_t whole = seconds.count();
  std::tm utc{};
  gmtime_r(&whole, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     millis.count());
}

class LineFormatter final : public spdlog::formatter {
 public:
  LineFormatter(LogFormat format, bool journald) : format_(format), journald_(journald) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const bool json = format_ == LogFormat::kJson;
    const std::string text =
        QuoteForLog(std::string_view(message.payload.data(), message.payload.size()), json);
    const auto word = spdlog::level::to_string_view(message.level);
    const std::string_view level(word.data(), word.size());
    const std::string time = journald_ ? "" : Timestamp(message.time);
    std::string line = journald_ ? fmt::format("<{}>", Priority(message.level)) : "";
    if (json) {
      if (!journald_) line += fmt::format(R"({{"time":"{}",)", time);
      line += fmt::format(R"({}"level":"{}","msg":{}}})", journald_ ? "{" : "", level, text);
    } else {
      if (!journald_) line += fmt::format("time={} ", time);
      line += fmt::format("level={} msg={}", level, text);
    }
    line += '\n';
    out.append(line.data(), line.data() + line.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(format_, journald_);
  }

 private:
  LogFormat format_;
  bool journald_;
};

}  // namespace

std::string QuoteForLog(std::string_view text, bool json) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += fmt::format("{}{:02x}", json ? "\\u00" : "\\x", byte);
    }
  }
  return out + '"';
}

std::unique_ptr<spdlog::formatter> MakeLogFormatter(LogFormat format, bool journald) {
  return std::make_unique<LineFormatter>(format, journald);
}

void WriteLog(LogLevel level, fmt::string_view words, fmt::format_args values) {
  const spdlog::level::level_enum wanted = LevelOf(level);
  if (!spdlog::should_log(wanted)) return;
  spdlog::default_logger_raw()->log(wanted, fmt::vformat(words, values));
}

bool StderrIsJournal() { return std::getenv("JOURNAL_STREAM") != nullptr; }

void SetUpLog(const LogConfig& config, bool journald) {
  auto logger = std::make_shared<spdlog::logger>("bouncesight",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(MakeLogFormatter(config.format, journald));
  logger->set_level(spdlog::level::from_str(config.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace bouncesight
