#include "daemon/web/content_choice.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(ContentChoice, TakesOpenMetricsOnlyFromThoseWhoNameIt) {
  const struct {
    const char* accept;
    bool open_metrics;
  } cases[] = {
      {"", false},
      {"*/*", false},
      {"text/html", false},
      {"application/openmetrics-text", true},
      {"Application/OpenMetrics-Text; Version=1.0.0", true},
      {"application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5", true},
      {"application/openmetrics-text;q=0.5, text/plain;q=0.9", false},
      {"application/openmetrics-text;q=0.5, text/*;q=0.5", true},
      {"application/openmetrics-text;q=0", false},
      {"application/openmetrics-text;version=2.0.0", false},
      {"application/openmetrics-text;version=2.0.0, application/openmetrics-text", true},
      {"application/openmetrics-text;q=nonsense", true},
      {"application/openmetrics-text;q=-1", true},
      {",;=;,", false},
      {"application/openmetrics-textile", false},
  };
  for (const auto& [accept, open_metrics] : cases) {
    EXPECT_EQ(ChooseFormat(accept) == ExpositionFormat::kOpenMetrics, open_metrics) << accept;
  }
}

TEST(ContentChoice, PacksForThoseWhoCanUnpack) {
  const struct {
    const char* accept_encoding;
    bool gzip;
  } cases[] = {
      {"", false},          {"identity", false}, {"gzip", true},
      {"GZIP;q=0.1", true}, {"gzip;q=0", false}, {"deflate, gzip;q=1.0, *;q=0.5", true},
      {"*", true},          {"*;q=0", false},    {"gzip;q=0, *", false},
      {"br", false},        {"x-gzip", false},   {"deflate,\tgzip ; q = 0.5", true},
  };
  for (const auto& [accept_encoding, gzip] : cases) {
    EXPECT_EQ(AcceptsGzip(accept_encoding), gzip) << accept_encoding;
  }
}

TEST(ContentChoice, SpeaksChineseToThoseWhoPreferIt) {
  const struct {
    const char* accept_language;
    Language language;
  } cases[] = {
      {"", Language::kEnglish},
      {"*", Language::kEnglish},
      {"en-GB,en;q=0.9", Language::kEnglish},
      {"zh", Language::kChinese},
      {"zh-CN,zh;q=0.9,en;q=0.8", Language::kChinese},
      {"ZH-Hant-TW", Language::kChinese},
      {"en;q=0.9, zh;q=0.8", Language::kEnglish},
      {"de, zh;q=0.5, en;q=0.4", Language::kChinese},
      {"zh;q=0", Language::kEnglish},
      {"zha", Language::kEnglish},
  };
  for (const auto& [accept_language, language] : cases) {
    EXPECT_EQ(ChooseLanguage(accept_language), language) << accept_language;
  }
}

}  // namespace
}  // namespace bouncesight
