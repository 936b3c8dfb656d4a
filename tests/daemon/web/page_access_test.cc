#include "daemon/web/page_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

HttpRequest Visit(bool loopback, bool guarded, std::string_view host) {
  HttpRequest request;
  request.loopback = loopback;
  request.guarded = guarded;
  request.host = host;
  return request;
}

TEST(PageAccess, IsForThoseOnThisMachineOrWithThePassword) {
  EXPECT_THAT(WhyNoPage(Visit(true, false, "127.0.0.1:19154")), IsEmpty());
  EXPECT_THAT(WhyNoPage(Visit(false, true, "mx1.example.com")), IsEmpty());
  EXPECT_THAT(WhyNoPage(Visit(true, true, "mx1.example.com")), IsEmpty());
  EXPECT_THAT(WhyNoPage(Visit(false, false, "127.0.0.1:19154")), HasSubstr("basic_auth_users"))
      << "whoever is elsewhere can write any Host";
}

TEST(PageAccess, RefusesANameThatAWebSiteHasPointedToThisMachine) {
  EXPECT_THAT(WhyNoPage(Visit(true, false, "rebound.example.net:19154")), HasSubstr("Host"));
  EXPECT_THAT(WhyNoPage(Visit(true, false, "")), HasSubstr("Host"));
}

TEST(PageAccess, KnowsTheNamesOfThisMachine) {
  const struct {
    const char* host;
    bool ours;
  } cases[] = {
      {"localhost", true},
      {"localhost:19154", true},
      {"127.0.0.1", true},
      {"127.8.9.1:80", true},
      {"[::1]", true},
      {"[::1]:19154", true},
      {"192.0.2.1:19154", false},
      {"[2001:db8::1]:19154", false},
      {"localhost.example.com", false},
      {"127.0.0.1.example.com:19154", false},
      {"0x7f000001", false},
      {"127.0.0.1:80:80", false},
      {":", false},
      {"[]", false},
      {"]:[", false},
  };
  for (const auto& [host, ours] : cases) EXPECT_EQ(NamesThisMachine(host), ours) << host;
}

TEST(PageAccess, TakesNoPostThatAnotherSiteCanSend) {
  const struct {
    const char* content_type;
    const char* fetch_site;
    bool taken;
  } cases[] = {
      {"application/json", "", true},
      {"application/json; charset=utf-8", "same-origin", true},
      {"application/json", "none", true},
      {"application/json", "cross-site", false},
      {"application/json", "same-site", false},
      {"application/jsonp", "", false},
      {"text/plain", "same-origin", false},
      {"application/x-www-form-urlencoded", "", false},
      {"", "", false},
  };
  for (const auto& [content_type, fetch_site, taken] : cases) {
    HttpRequest request;
    request.content_type = content_type;
    request.fetch_site = fetch_site;
    EXPECT_EQ(WhyNoPost(request).empty(), taken) << content_type << " from " << fetch_site;
  }
}

TEST(PageAccess, SaysAtTheStartWhereThePageIsOff) {
  EXPECT_THAT(PageOffWarning({"127.0.0.1:19154", "[::1]:19154"}, false), IsEmpty());
  EXPECT_THAT(PageOffWarning({"127.0.0.1:19154", "192.0.2.1:19154"}, false),
              HasSubstr("off at 192.0.2.1:19154"));
  EXPECT_THAT(PageOffWarning({"[::]:19154"}, false), HasSubstr("off at [::]:19154"));
  EXPECT_THAT(PageOffWarning({"192.0.2.1:19154"}, true), IsEmpty());
}

}  // namespace
}  // namespace bouncesight
