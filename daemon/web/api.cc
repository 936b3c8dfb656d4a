#include "daemon/web/api.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

#include "daemon/system/version.h"
#include "daemon/web/api_status.h"
#include "daemon/web/api_tables.h"
#include "daemon/web/content_choice.h"
#include "daemon/web/page_access.h"
#include "daemon/web/query_text.h"
#include "metrics/json_text.h"
#include "metrics/summary.h"
#include "parsers/text/ascii.h"
#include "parsers/wrap/json_reader.h"

namespace bouncesight {

// What an answer rests on; it outlives the request.
struct Api::Query {
  std::string text;  // behind the `?`
  std::string body;
  Language language = Language::kEnglish;

  std::string value(std::string_view key) const { return QueryValue(text, key).value_or(""); }
  // None: all that was counted since the count began.
  std::optional<Period> period() const { return FindPeriod(value("period")); }
  bool wrong_period() const {
    const std::string name = value("period");
    return !name.empty() && name != "all" && !FindPeriod(name);
  }
  std::size_t top() const { return QueryNumber(text, "top", kTop, 1, kMostTop); }

  static constexpr std::size_t kTop = 20;
  static constexpr std::size_t kMostTop = 1000;
};

struct Api::Route {
  std::string_view path;
  HttpReply (Api::*answer)(const Query&) const;
  std::string_view parameters = {};  // besides kParameters, each between blanks
  bool post = false;
};

const Api::Route Api::kRoutes[] = {
    {"/api/v1/status", &Api::Status},
    {"/api/v1/report", &Api::Report, " period "},
    {"/api/v1/senders", &Api::Senders, " period "},
    {"/api/v1/rules", &Api::Rules},
    {"/api/v1/causes", &Api::Causes},
    {"/api/v1/timeline", &Api::Timeline, " period by offset "},
    {"/api/v1/failures", &Api::Failures,
     " period source host outcome cause provider domain code enhanced_code blocklist listed_ip "
     "queue_id sender_domain recipient rejections limit before "},
    {"/api/v1/explain", &Api::Explain, "", true},
};

namespace {

HttpReply Json(std::string text, unsigned status = 200) {
  HttpReply reply = HttpReply::Text(status, std::move(text));
  reply.content_type = "application/json";
  return reply;
}

HttpReply Refused(unsigned status, std::string_view why) {
  JsonText json;
  json.Open('{');
  json.Field("error", why);
  json.Close('}');
  return Json(json.Take() + '\n', status);
}

Language LanguageOf(const HttpRequest& request) {
  const auto asked = LanguageFromName(QueryValue(request.query, "lang").value_or(""));
  return asked ? *asked : ChooseLanguage(request.accept_language);
}

HttpReply Told(Result<std::string> text) {
  return text ? Json(std::move(*text)) : Refused(503, text.error().message);
}

// The parameters of a search, by the names of `events`.
constexpr std::pair<std::string_view, std::string HistoryFilter::*> kFilters[] = {
    {"source", &HistoryFilter::source},
    {"host", &HistoryFilter::host},
    {"outcome", &HistoryFilter::outcome},
    {"cause", &HistoryFilter::cause},
    {"provider", &HistoryFilter::provider},
    {"domain", &HistoryFilter::domain},
    {"enhanced_code", &HistoryFilter::enhanced_code},
    {"blocklist", &HistoryFilter::blocklist},
    {"listed_ip", &HistoryFilter::listed_ip},
    {"queue_id", &HistoryFilter::queue_id},
    {"sender_domain", &HistoryFilter::sender_domain},
    {"recipient", &HistoryFilter::recipient},
};
constexpr std::uint64_t kMostRows = std::numeric_limits<std::int64_t>::max();

std::optional<HistoryBy> HistoryByName(std::string_view name) {
  if (name.empty() || name == "outcome") return HistoryBy::kOutcome;
  if (name == "cause") return HistoryBy::kCause;
  if (name == "provider") return HistoryBy::kProvider;
  return std::nullopt;
}

// Of a visitor's zone, in seconds; none: it is no such number, nor empty, which is Greenwich.
std::optional<std::int64_t> OffsetOf(std::string_view text) {
  constexpr std::int64_t kMost = 15 * 3600;
  if (text.empty()) return 0;
  std::int64_t offset = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, offset);
  const bool fits = error == std::errc{} && rest == end && offset >= -kMost && offset <= kMost;
  return fits ? std::optional(offset) : std::nullopt;
}

// A whole number of 0 to kMostRows, or empty.
bool IsCount(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return text.empty() || (error == std::errc{} && rest == end && value <= kMostRows);
}

constexpr std::string_view kParameters = " lang top ";  // of every path

bool IsAmong(std::string_view parameters, std::string_view key) {
  return key.find(' ') == std::string_view::npos &&
         parameters.find(' ' + std::string(key) + ' ') != std::string_view::npos;
}

// What is wrong with the query, in one sentence; "": nothing. A filter that is left out without a
// word shows too much.
std::string WhyWrong(std::string_view query, std::string_view parameters) {
  std::vector<std::string> keys = QueryKeys(query);
  for (const std::string& key : keys) {
    if (IsAmong(kParameters, key) || IsAmong(parameters, key)) continue;
    return "`" + key + "` is not a parameter of this path; API.md lists them.";
  }
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  if (twice != keys.end()) return "`" + *twice + "` stands there twice.";
  for (const std::string_view key : {"top", "limit", "before", "code"}) {
    if (!IsCount(QueryValue(query, key).value_or(""))) {
      return "`" + std::string(key) + "` is a whole number of at most 19 digits.";
    }
  }
  if (!OffsetOf(QueryValue(query, "offset").value_or(""))) {
    return "`offset` is a number of seconds, -54000 to 54000.";
  }
  const std::string language = QueryValue(query, "lang").value_or("");
  if (!language.empty() && !LanguageFromName(language)) return "`lang` is en or zh.";
  const std::string rejections = QueryValue(query, "rejections").value_or("false");
  return rejections == "true" || rejections == "false" ? "" : "`rejections` is true or false.";
}

std::int64_t SecondsOf(std::chrono::system_clock::time_point time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

Api::Api(ApiHooks hooks, const PublishedBox& box, const MetricsPage& page, const Clock& clock)
    : hooks_(std::move(hooks)), box_(box), page_(page), clock_(clock), history_(hooks_.history) {}

HttpReply Api::Answer(const HttpRequest& request) const {
  const auto route = std::ranges::find(kRoutes, request.path, &Route::path);
  if (route == std::end(kRoutes)) return Refused(404, "There is no such path; API.md lists them.");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (route->post ? request.method != "POST" : !reads) {
    HttpReply reply = Refused(405, route->post ? "Use POST." : "Use GET.");
    reply.headers.emplace_back("Allow", route->post ? "POST" : "GET, HEAD");
    return reply;
  }
  if (const std::string why = route->post ? WhyNoPost(request) : ""; !why.empty()) {
    return Refused(403, why);
  }
  Query query{std::string(request.query), std::string(request.body), LanguageOf(request)};
  if (query.wrong_period()) return Refused(400, "`period` is all, 1h, 24h, 7d or 30d.");
  if (const std::string why = WhyWrong(query.text, route->parameters); !why.empty()) {
    return Refused(400, why);
  }
  HttpReply reply = HttpReply::Text(200, "");
  reply.later = [this, answer = route->answer, query = std::move(query)] {
    return (this->*answer)(query);
  };
  return reply;
}

HistorySpan Api::SpanOf(const Period& period) const {
  return {.from = SecondsOf(clock_.Wall()) - period.seconds};
}

HttpReply Api::Status(const Query& /*query*/) const {
  const auto published = box_.Get();
  const Live live = page_.LiveOf(*published);
  return Json(StatusJson({.published = published.get(),
                          .live = &live,
                          .telemetry_path = hooks_.telemetry_path,
                          .now = SecondsOf(clock_.Wall()),
                          .ready = hooks_.ready(),
                          .has_history = history_.on()}));
}

HttpReply Api::Report(const Query& query) const {
  const std::size_t top = query.top();
  Summary summary;
  if (const auto period = query.period()) {
    auto told = history_.SummariseSpan(SpanOf(*period), top);
    if (!told) return Refused(503, told.error().message);
    summary = std::move(*told);
  } else {
    ReportFacts facts;
    facts.GiveUpWaiting();  // it has not seen the log; the status knows who waits
    summary = Summarise(*box_.Get()->snapshot, facts, {.top = top});
  }
  summary.made = {SecondsOf(clock_.Wall()), 0};
  summary.version = GetBuildInfo().version;
  Advise(summary, *hooks_.rules(), query.language, top);
  return Json(RenderSummaryJson(summary));
}

HttpReply Api::Senders(const Query& query) const {
  if (const auto period = query.period()) {
    return Told(history_.SendersJson(SpanOf(*period), query.top()));
  }
  return Json(SendersJson(*box_.Get()->snapshot, query.top()));
}

HttpReply Api::Rules(const Query& query) const {
  return Json(RulesJson(*box_.Get()->snapshot, *hooks_.rules(), query.top()));
}

HttpReply Api::Causes(const Query& query) const {
  return Json(CausesJson(*hooks_.rules(), query.language));
}

HttpReply Api::Timeline(const Query& query) const {
  const auto by = HistoryByName(query.value("by"));
  if (!by) return Refused(400, "`by` is outcome, cause or provider.");
  const std::int64_t offset = OffsetOf(query.value("offset")).value_or(0);
  return Told(history_.TimelineJson(query.period().value_or(*FindPeriod("24h")), *by,
                                    SecondsOf(clock_.Wall()), offset));
}

HttpReply Api::Failures(const Query& query) const {
  HistoryFilter filter;
  if (const auto period = query.period()) filter.span = SpanOf(*period);
  for (const auto& [key, member] : kFilters) filter.*member = query.value(key);
  std::ranges::transform(filter.domain, filter.domain.begin(), ToLower);
  filter.rejections = query.value("rejections") == "true";
  filter.code = static_cast<std::uint16_t>(QueryNumber(query.text, "code", 0, 0, 999));
  const auto before = QueryNumber(query.text, "before", 0, 0, kMostRows);
  const std::size_t limit = QueryNumber(query.text, "limit", 50, 1, 500);
  return Told(history_.FailuresJson(
      filter, limit, before == 0 ? std::nullopt : std::optional<std::int64_t>(before)));
}

HttpReply Api::Explain(const Query& query) const {
  JsonReader reader;
  const std::string_view text = reader.Open(query.body) ? reader.Text("/text") : "";
  if (text.empty()) return Refused(400, "Send {\"text\": \"what to explain\"}.");
  return Json(hooks_.explain(text, query.language) + '\n');
}

}  // namespace bouncesight
