#include "metrics/safe_text.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(SafeText, NoByteIsTakenForMarkup) {
  EXPECT_EQ(EscapeHtml("<script>alert('x')</script> & \"y\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;");
  EXPECT_EQ(EscapeHtml("a\x1b[31m\x7f\xff"
                       "b"),
            "a\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd"
            "b");
  EXPECT_EQ(EscapeHtml("退信"), "退信");
}

TEST(SafeText, AFieldIsQuotedWhereItMust) {
  const struct {
    const char* text;
    const char* wanted;
  } kCases[] = {
      {"", ""},
      {"plain", "plain"},
      {"a,b", "\"a,b\""},
      {"say \"no\"", "\"say \"\"no\"\"\""},
      {"two\nlines", "\"two\nlines\""},
      {"an\x1b"
       "d",
       "an\xef\xbf\xbd"
       "d"},
  };
  for (const auto& one : kCases) EXPECT_EQ(CsvField(one.text), one.wanted) << one.text;
}

TEST(SafeText, NoFieldIsAFormula) {
  for (const char* text : {"=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "  =1",
                           "\xef\xbc\x9d"
                           "1"}) {
    EXPECT_EQ(CsvField(text).front(), '\'') << text;
  }
  EXPECT_EQ(CsvField("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(CsvField("=1,2"), "\"'=1,2\"");
  for (const char* text : {"5.1.1", "a=b", "ann+news@example.org", "   ", "550 -1"}) {
    EXPECT_EQ(CsvField(text), text);
  }
}

}  // namespace
}  // namespace bouncesight
