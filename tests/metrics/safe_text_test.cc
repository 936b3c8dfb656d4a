#include "metrics/safe_text.h"

#include <string>

#include <gtest/gtest.h>

#include "metrics/json_text.h"

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

TEST(SafeText, NothingIsHiddenFromAReader) {
  for (const char* hidden : {"\u202E", "\u200B", "\u2028", "\uFEFF", "\u0085", "\U000E0041"}) {
    const std::string text = std::string("a") + hidden + "b";
    EXPECT_EQ(EscapeHtml(text),
              "a\xef\xbf\xbd"
              "b");
    EXPECT_EQ(CsvField(text),
              "a\xef\xbf\xbd"
              "b");
  }
}

TEST(SafeText, JsonSpellsWhatIsNotSeenAndKeepsItsValue) {
  const struct {
    const char* text;
    const char* wanted;
  } kCases[] = {
      {"a\x1b\x7f", R"("a\u001b\u007f")"},   {"\u009B\u202E\u200B", R"("\u009b\u202e\u200b")"},
      {"\u2028\uFEFF", R"("\u2028\ufeff")"}, {"x\U000E0041", R"("x\udb40\udc41")"},
      {"\"\\退信", "\"\\\"\\\\退信\""},
  };
  for (const auto& one : kCases) {
    std::string out;
    AppendJsonString(one.text, out);
    EXPECT_EQ(out, one.wanted);
  }
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
