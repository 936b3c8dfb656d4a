#include "daemon/web/api.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/web/api_status.h"
#include "metrics/totals.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const RuleSet> Rules() {
  static const std::shared_ptr<const RuleSet> rules = *RuleSet::Load(EmbeddedSources());
  return rules;
}

class ApiTest : public testing::Test {
 protected:
  ApiTest() { Publish({}); }

  // Five bounces at example.com, of which each sender has one; two wait.
  static Snapshot Counted() {
    const auto names = NamesOf(*Rules());
    Totals totals;
    totals.AddNames(*names);
    Tally tally(names);
    const SourceId mail = tally.Source("mail");
    DeliveryEvent bounce;
    bounce.outcome = Outcome::kBounced;
    bounce.recipient_domain = "example.com";
    bounce.reply.code = 550;
    Verdict verdict;
    verdict.cause = CauseId::kUserUnknown;
    verdict.rule = RuleId{1};
    for (int i = 0; i < 5; ++i) tally.CountEvent(mail, bounce, verdict);
    totals.Merge(tally);
    Snapshot snapshot = *totals.Publish();
    JoinedRows rows;
    rows.senders = {{"few.example.org", {9, 0, 1, 0}, {}},
                    {"many.example.org", {1, 1, 2, 1}, {0, 4}}};
    rows.waiting = {{0, 1, 1, 30}, {0, 1, 1, 90}};
    snapshot.joined = {{"mail", rows}};
    return snapshot;
  }

  void Publish(std::vector<LiveSource> sources) {
    auto published = std::make_shared<Published>();
    published->snapshot = std::make_shared<const Snapshot>(Counted());
    published->sources = std::move(sources);
    box_.Set(std::move(published));
  }

  HttpReply Ask(const HttpRequest& request) {
    const HttpReply reply = api_.Answer(request);
    return reply.later ? reply.later() : reply;
  }
  std::string Get(std::string_view path, std::string_view query = "") {
    HttpRequest request;
    request.path = path;
    request.query = query;
    const HttpReply reply = Ask(request);
    EXPECT_EQ(reply.status, 200U) << path;
    EXPECT_EQ(reply.content_type, "application/json");
    return *reply.body;
  }
  HttpReply Post(std::string_view body, std::string_view content_type = "application/json") {
    HttpRequest request;
    request.method = "POST";
    request.path = "/api/v1/explain";
    request.query = "lang=zh";
    request.body = body;
    request.content_type = content_type;
    return Ask(request);
  }

  FakeClock clock_;
  PublishedBox box_;
  MetricsPage page_{box_, clock_, [](Live&) {}};
  Api api_{{.telemetry_path = "/metrics",
            .history = "",
            .ready = [] { return true; },
            .rules = Rules,
            .explain =
                [](std::string_view text, Language language) {
                  return "{\"asked\":\"" + std::string(text) +
                         (language == Language::kChinese ? " zh\"}" : "\"}");
                }},
           box_,
           page_,
           clock_};
};

TEST_F(ApiTest, SaysHowItStands) {
  LiveSource mail;
  mail.name = "mail";
  mail.lag_bytes = 7;
  Publish({mail});
  const std::string status = Get("/api/v1/status");
  EXPECT_THAT(status, HasSubstr(R"("ready":true,"history":false)"));
  EXPECT_THAT(status,
              HasSubstr(R"("totals":{"delivered":0,"deferred":0,"bounced":5,"expired":0,)"));
  EXPECT_THAT(status, HasSubstr(R"("waiting":{"recipients":2,"oldest_seconds":90,"rows":[{)"));
  EXPECT_THAT(status, HasSubstr(R"("sources":[{"name":"mail","state":"ok",)"));
  EXPECT_THAT(status, HasSubstr(R"("lag_bytes":7)"));
}

TEST(SourceState, NamesTheWorst) {
  const struct {
    SourceFiles files;
    std::uint64_t lost;
    const char* state;
  } cases[] = {
      {{.open = 1}, 0, "ok"},
      {{.open = 1, .missing = 1}, 0, "ok"},  // a pattern beside others that match
      {{.missing = 1}, 0, "missing"},
      {{.open = 1}, 5, "lost"},
      {{.open = 1, .denied = 1}, 5, "denied"},
      {{.open = 1, .denied = 1, .hung = 1}, 5, "hung"},
  };
  for (const auto& [files, lost, state] : cases) {
    LiveSource source;
    source.files = files;
    source.lost_bytes = lost;
    EXPECT_EQ(SourceState(source), state);
  }
  EXPECT_EQ(SourceState(LiveSource()), "ok") << "syslog has no files";
}

TEST_F(ApiTest, ReportsAsTheCommandDoes) {
  const std::string report = Get("/api/v1/report", "lang=zh");
  EXPECT_THAT(report, HasSubstr(R"("causes":[{"name":"user_unknown","count":5,)"));
  EXPECT_THAT(report, HasSubstr(R"("act":"sender")"));
  EXPECT_THAT(report, HasSubstr("邮箱")) << "its advice is in the language asked for";
}

TEST_F(ApiTest, RanksSendersByFailuresAndLeavesOutTheRest) {
  const std::string senders = Get("/api/v1/senders", "top=1");
  EXPECT_THAT(senders,
              HasSubstr(R"([{"sender_domain":"many.example.org","delivered":1,"deferred":1,)"
                        R"("bounced":2,"expired":1,"causes":{"user_unknown":4}}])"));
  EXPECT_THAT(Get("/api/v1/senders"), HasSubstr("few.example.org"));
}

TEST_F(ApiTest, ListsTheRulesThatHaveHitWithTheirCauses) {
  EXPECT_THAT(Get("/api/v1/rules"), HasSubstr(R"("hits":5,"cause":")"));
}

TEST_F(ApiTest, HasTheVocabularyInBothLanguages) {
  EXPECT_THAT(Get("/api/v1/causes", "lang=en"), Not(HasSubstr("邮箱")));
  const std::string chinese = Get("/api/v1/causes", "lang=zh");
  EXPECT_THAT(chinese, HasSubstr(R"("outcomes":{)"));
  EXPECT_THAT(chinese, HasSubstr(R"("bounced":"退信")"));
  HttpRequest request;
  request.path = "/api/v1/causes";
  request.accept_language = "zh-CN";
  EXPECT_EQ(*Ask(request).body, chinese);
}

TEST_F(ApiTest, ExplainsATextAndOutlivesItsRequest) {
  HttpReply reply;
  {
    const std::string body = R"({"text": "550 no such user"})";
    HttpRequest request;
    request.method = "POST";
    request.path = "/api/v1/explain";
    request.body = body;
    request.content_type = "application/json";
    reply = api_.Answer(request);
  }
  EXPECT_EQ(*reply.later().body, "{\"asked\":\"550 no such user\"}\n");
  EXPECT_EQ(*Post(R"({"text":"x"})").body, "{\"asked\":\"x zh\"}\n");
}

TEST_F(ApiTest, SaysThatThereIsNoHistory) {
  HttpRequest request;
  for (const auto& [path, query] :
       {std::pair("/api/v1/timeline", ""), std::pair("/api/v1/failures", ""),
        std::pair("/api/v1/report", "period=1h"), std::pair("/api/v1/senders", "period=30d")}) {
    request.path = path;
    request.query = query;
    const HttpReply reply = Ask(request);
    EXPECT_EQ(reply.status, 503U) << path;
    EXPECT_THAT(*reply.body, HasSubstr("history:")) << path;
  }
}

TEST_F(ApiTest, SaysWhatIsWrongWithARequest) {
  for (const char* body :
       {"", "550", "[]", "{}", R"({"text":""})", R"({"text":5})", R"({"text":"x)"}) {
    EXPECT_EQ(Post(body).status, 400U) << body;
  }
  EXPECT_EQ(Post(R"({"text":"x"})", "text/plain").status, 403U);
  HttpRequest request;
  request.path = "/api/v1/explain";
  EXPECT_EQ(Ask(request).status, 405U);
  request.path = "/api/v1/report";
  request.query = "period=2h";
  EXPECT_EQ(Ask(request).status, 400U);
  request.path = "/api/v1/timeline";
  request.query = "by=weekday";
  EXPECT_EQ(Ask(request).status, 400U);
  for (const char* query : {"limit=many", "code=5xx", "before=-1", "top=1.5"}) {
    request.path = "/api/v1/failures";
    request.query = query;
    EXPECT_EQ(Ask(request).status, 400U) << query;
  }
  request.path = "/api/v1/nothing";
  EXPECT_EQ(Ask(request).status, 404U);
  request.query = "";
  request.path = "/api/v1/status";
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    request.method = method;
    EXPECT_EQ(Ask(request).status, 405U) << method;
  }
}

TEST_F(ApiTest, SaysWhatItDoesNotUnderstandOfAQuery) {
  const struct {
    const char *path, *query, *why;  // null: it is understood
  } cases[] = {
      {"status", "lang=zh&top=5", nullptr},
      {"status", "&&", nullptr},
      {"status", "period=1h", "`period` is not a parameter"},
      {"timeline", "period=1h&by=cause&offset=-3600", nullptr},
      {"timeline", "domain=gmail.com", "`domain` is not a parameter"},
      {"failures", "period=7d&provider=gmail&rejections=true&limit=5", nullptr},
      {"failures", "domains=gmail.com", "`domains` is not a parameter"},
      {"failures", "Domain=gmail.com", "`Domain` is not a parameter"},
      {"failures", "code+limit=5", "`code limit` is not a parameter"},
      {"failures", "=5", "`` is not a parameter"},
      {"failures", "cause=user_unknown&cause=mailbox_full", "`cause` stands there twice"},
      {"failures", "%63ause=a&cause=b", "`cause` stands there twice"},
      {"failures", "rejections=yes", "`rejections` is true or false"},
      {"failures", "limit=99999999999999999999", "`limit` is a whole number"},
      {"failures", "before=9223372036854775807", nullptr},
      {"failures", "before=9223372036854775808", "`before` is a whole number"},
      {"failures", "before=-1", "`before` is a whole number"},
      {"failures", "limit=5x", "`limit` is a whole number"},
      {"failures", "limit=&code=&top=", nullptr},
      {"timeline", "offset=99999999999", "`offset` is a number of seconds"},
      {"timeline", "offset=3600x", "`offset` is a number of seconds"},
      {"timeline", "offset=54000", nullptr},
      {"timeline", "offset=", nullptr},
      {"status", "lang=xx", "`lang` is en or zh"},
      {"status", "lang=", nullptr},
      {"report", "q=%22%3Cscript%3E", "`q` is not a parameter"},
      {"report", "%22%3Cb%3E=1", R"(`\"<b>` is not a parameter)"},
  };
  for (const auto& [path, query, why] : cases) {
    const std::string whole = std::string("/api/v1/") + path;
    HttpRequest request;
    request.path = whole;
    request.query = query;
    const HttpReply reply = Ask(request);
    EXPECT_EQ(reply.status == 400, why != nullptr) << path << query;
    if (why != nullptr) {
      EXPECT_THAT(*reply.body, HasSubstr(why));
    }
  }
}

}  // namespace
}  // namespace bouncesight
