// Requests of any bytes to every path that the daemon answers, with a history to search: an answer
// of a known kind, whatever it repeats of the request is inert, and nothing has changed.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "daemon/batch/explainer.h"
#include "daemon/history/history_writer.h"
#include "daemon/web/basic_auth.h"
#include "daemon/web/content_choice.h"
#include "daemon/web/http_routes.h"
#include "daemon/web/query_text.h"
#include "metrics/totals.h"
#include "parsers/text/utf8.h"
#include "parsers/wrap/json_reader.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

namespace {

using namespace bouncesight;

constexpr std::int64_t kThen = 1'800'000'000;  // where FakeClock begins

// Three failures in a database of its own.
class History {
 public:
  History() {
    std::string name = "/tmp/bouncesight-fuzz-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    static RealFileSystem fs;
    static AddressVeil veil(AddressVeil::Mode::kFull);
    auto writer = HistoryWriter::Open(fs, database(), {}, veil);
    Require(writer.has_value(), "a history");
    std::vector<std::unique_ptr<HistoryBatch>> batches;
    batches.push_back(std::make_unique<HistoryBatch>(
        BuiltinNames(), HistoryBatch::Wants{true, kThen, 30 * 86'400LL}));
    for (const char* domain : {"example.net", "example.org", "example.com"}) {
      DeliveryEvent event;
      const std::string time = Rfc3339({kThen - 60, 0});
      event.time = time;
      event.outcome = Outcome::kBounced;
      event.recipient_domain = domain;
      event.reply = ParseReply("550 5.1.1 no such user here");
      batches.front()->Note("mail", event, {});
    }
    Require((*writer)->Write(1, batches, kThen).has_value(), "is written");
  }
  ~History() { std::filesystem::remove_all(folder_); }
  History(const History&) = delete;
  History& operator=(const History&) = delete;
  std::string database() const { return folder_ + "/history.db"; }

 private:
  std::string folder_;
};

class Served {
 public:
  Served() {
    auto published = std::make_shared<Published>();
    published->snapshot = Totals().Publish();
    box_.Set(std::move(published));
  }
  HttpReply Ask(const HttpRequest& request) {
    const HttpReply reply = routes_(request);
    return reply.later ? reply.later() : reply;
  }
  int changes = 0;

 private:
  History history_;
  FakeClock clock_;
  PublishedBox box_;
  std::shared_ptr<const RuleSet> rules_ = RuleSet::Load(EmbeddedSources()).value();
  MetricsPage page_{box_, clock_, [](Live&) {}};
  Api api_{{.telemetry_path = "/metrics",
            .history = history_.database(),
            .ready = [] { return true; },
            .rules = [this] { return rules_; },
            .explain =
                [this](std::string_view text, Language language) {
                  Explainer explainer(rules_);
                  return ExplanationsJson(explainer.ExplainText(text), *rules_, language);
                }},
           box_,
           page_,
           clock_};
  HttpHandler routes_ = MakeRoutes({.lifecycle = false,
                                    .ready = [] { return true; },
                                    .reload =
                                        [this] {
                                          ++changes;
                                          return std::vector<std::string>{};
                                        },
                                    .quit = [this] { ++changes; }},
                                   page_, api_);
};

std::string_view Part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

HttpRequest RequestOf(std::string_view bytes) {
  HttpRequest request;
  for (std::string_view* member :
       {&request.method, &request.path, &request.query, &request.accept, &request.accept_encoding,
        &request.accept_language, &request.authorization, &request.host, &request.fetch_site,
        &request.content_type, &request.if_none_match}) {
    *member = Part(bytes);
  }
  request.body = bytes;
  return request;
}

void CheckAnswer(const HttpReply& reply) {
  constexpr std::array kKnown = {200U, 304U, 400U, 403U, 404U, 405U, 503U};
  Require(std::ranges::find(kKnown, reply.status) != kKnown.end(), "a known status");
  for (const auto& [name, value] : reply.headers) {
    Require(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
  }
  if (reply.content_type != "application/json") return;
  Require(ToUtf8(*reply.body) == *reply.body, "valid UTF-8");
  JsonReader json;
  Require(json.Open("{\"answer\":" + *reply.body + "}"), "JSON");  // a list, of some paths
}

void CheckQuery(std::string_view query) {
  for (const std::string& key : QueryKeys(query)) {
    Require(QueryValue(query, key).has_value(), "a key has a value");
    const auto number = QueryNumber(query, key, 7, 1, 500);
    Require(number >= 1 && number <= 500, "a number within its bounds");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Served served;
  static BasicAuth auth;
  static const BasicAuth::Users kUsers = {{"ann", "$2b$04$nothing"}};
  const HttpRequest request = RequestOf(fuzz::Text(data, size));
  CheckAnswer(served.Ask(request));
  Require(served.changes == 0, "nothing has changed");
  CheckQuery(request.query);
  Require(!auth.Recall(kUsers, request.authorization).value_or(false), "a guess opens nothing");
  return 0;
}
