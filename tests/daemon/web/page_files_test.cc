#include "daemon/web/page_files.h"

#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

bool IsOurs(const PageFile& file) { return file.path != "/page/chart.min.js"; }

TEST(PageFiles, HoldsThePageAndItsChartLibraryWithItsLicence) {
  ASSERT_NE(FindPageFile("/"), nullptr);
  EXPECT_THAT(std::string(FindPageFile("/")->bytes), HasSubstr("<!DOCTYPE html>"));
  ASSERT_NE(FindPageFile("/page/chart.min.js"), nullptr);
  EXPECT_THAT(std::string(FindPageFile("/page/chart.min.js")->bytes.substr(0, 200)),
              HasSubstr("MIT License"));
  for (const char* path :
       {"", "/page", "/page/", "/page/index.html", "/page/../api.h", "/favicon"}) {
    EXPECT_EQ(FindPageFile(path), nullptr) << path;
  }
}

// Whoever puts the page behind a prefix must find all of it there.
TEST(PageFiles, NamesNothingByAnAbsoluteAddress) {
  const std::regex absolute(
      R"re((src|href)="(/|https?:)|(fetch|import)\(?\s*[`"'](/|https?:)|@import|url\()re");
  for (const PageFile& file : PageFiles()) {
    if (!IsOurs(file)) continue;
    EXPECT_FALSE(std::regex_search(std::string(file.bytes), absolute)) << file.path;
  }
}

TEST(PageFiles, KeepsScriptsAndStylesOutOfTheDocumentAndMarkupOutOfTheScripts) {
  const std::regex in_document(R"(<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:)");
  const std::regex in_script(R"(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\()");
  for (const PageFile& file : PageFiles()) {
    if (!IsOurs(file)) continue;
    const std::string text(file.bytes);
    if (file.path == "/") {
      EXPECT_FALSE(std::regex_search(text, in_document));
    }
    EXPECT_FALSE(std::regex_search(text, in_script)) << file.path;
  }
}

TEST(PageFiles, SendsAFileOnceToThoseWhoKeepIt) {
  const PageFile& file = *FindPageFile("/page/page.css");
  HttpRequest request;
  const HttpReply whole = SendPageFile(file, request);
  EXPECT_EQ(whole.status, 200U);
  EXPECT_EQ(*whole.body, file.bytes);
  EXPECT_THAT(whole.headers, Contains(Pair("ETag", std::string(file.etag))));
  const std::string known = "\"other\", W/" + std::string(file.etag);
  request.if_none_match = known;
  const HttpReply again = SendPageFile(file, request);
  EXPECT_EQ(again.status, 304U);
  EXPECT_THAT(*again.body, IsEmpty());
  request.if_none_match = "\"other\"";
  EXPECT_EQ(SendPageFile(file, request).status, 200U);
}

TEST(PageFiles, AllowsNothingFromElsewhere) {
  const HttpReply reply = SendPageFile(*FindPageFile("/"), HttpRequest());
  const auto policy = std::ranges::find(reply.headers, "Content-Security-Policy",
                                        &std::pair<std::string, std::string>::first);
  ASSERT_NE(policy, reply.headers.end());
  EXPECT_THAT(policy->second, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy->second, HasSubstr("form-action 'none'"));
  EXPECT_THAT(policy->second, Not(HasSubstr("unsafe")));
  EXPECT_THAT(policy->second, Not(HasSubstr("http")));
}

}  // namespace
}  // namespace bouncesight
