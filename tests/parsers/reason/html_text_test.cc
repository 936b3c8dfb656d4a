#include "parsers/reason/html_text.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(HtmlText, PartsParagraphsByAnEmptyLine) {
  EXPECT_EQ(HtmlToText("<p>one</p><p>two</p>"), "\none\n\n\ntwo\n\n");
}

TEST(HtmlText, TakesOutlooksParagraphsForTheLinesThatTheyAre) {
  EXPECT_EQ(HtmlToText("<p class=MsoNormal>&lt;ann@example.com&gt;: host<o:p></o:p></p>\n"
                       "<p class=\"MsoNormal\">    mx.example.com said<o:p></o:p></p>\r\n"
                       "<p class=MsoNormal>&nbsp;</p><p class=MsoPlainText>next</p>"),
            "<ann@example.com>: host\n     mx.example.com said\n   \nnext\n");
}

TEST(HtmlText, LeavesAddressesAndResolvesReferences) {
  EXPECT_EQ(HtmlToText("to <ann@example.com> &amp; &#66;&#x43; &unknown;"),
            "to <ann@example.com> & BC &unknown;");
}

}  // namespace
}  // namespace bouncesight
