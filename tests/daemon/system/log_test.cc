#include "daemon/system/log.h"

#include <gtest/gtest.h>
#include <spdlog/formatter.h>
#include <spdlog/spdlog.h>

namespace bouncesight {
namespace {

std::string Format(LogFormat format, bool journald, const std::string& text) {
  spdlog::memory_buf_t out;
  const spdlog::details::log_msg message(spdlog::log_clock::time_point(std::chrono::seconds(86400)),
                                         spdlog::source_loc{}, "x", spdlog::level::warn, text);
  MakeLogFormatter(format, journald)->format(message, out);
  return std::string(out.data(), out.size());
}

TEST(Log, WritesLogfmt) {
  EXPECT_EQ(Format(LogFormat::kLogfmt, false, "a \"b\""),
            "time=1970-01-02T00:00:00.000Z level=warning msg=\"a \\\"b\\\"\"\n");
}

TEST(Log, WritesJson) {
  EXPECT_EQ(Format(LogFormat::kJson, false, "a\\b"),
            "{\"time\":\"1970-01-02T00:00:00.000Z\",\"level\":\"warning\",\"msg\":\"a\\\\b\"}\n");
}

TEST(Log, GivesTheJournalItsPriorityAndNoTime) {
  EXPECT_EQ(Format(LogFormat::kLogfmt, true, "x"), "<4>level=warning msg=\"x\"\n");
  EXPECT_EQ(Format(LogFormat::kJson, true, "x"), "<4>{\"level\":\"warning\",\"msg\":\"x\"}\n");
}

TEST(Log, LetsOnlyPrintableAsciiOut) {
  EXPECT_EQ(QuoteForLog("a\n\x1b[31m\xff", false), "\"a\\x0a\\x1b[31m\\xff\"");
  EXPECT_EQ(QuoteForLog("a\n\xff", true), "\"a\\u000a\\u00ff\"");
}

}  // namespace
}  // namespace bouncesight
