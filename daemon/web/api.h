// The JSON behind the page, under /api/v1/; API.md describes each path, and its examples are run by
// a test. All of it reads, and POST /api/v1/explain judges the text that it is given; nothing
// changes.
//
// Answers are made of the last published snapshot, on a thread that neither counts nor serves
// scrapes (HttpReply::later).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/count/published.h"
#include "daemon/system/clock.h"
#include "daemon/web/api_history.h"
#include "daemon/web/http_message.h"
#include "daemon/web/metrics_page.h"
#include "rules/rule_set.h"

namespace bouncesight {

// What the API asks of the rest of the daemon; from any thread.
struct ApiHooks {
  std::string telemetry_path;
  std::string history;  // the path of its database; "": there is none
  std::function<bool()> ready;
  std::function<std::shared_ptr<const RuleSet>()> rules;  // those in force
  // What a text means: a JSON object, without a newline. It is at most HttpLimits::body_bytes long.
  std::function<std::string(std::string_view text, Language language)> explain;
};

class Api {
 public:
  // The references must outlive the Api and every answer that it has begun.
  Api(ApiHooks hooks, const PublishedBox& box, const MetricsPage& page, const Clock& clock);

  // `request.path` begins with "/api/". Whether whoever asks may see it is the caller's to ask
  // (page_access.h).
  HttpReply Answer(const HttpRequest& request) const;

 private:
  struct Query;
  struct Route;
  static const Route kRoutes[];

  HistorySpan SpanOf(const Period& period) const;  // up to now
  HttpReply Status(const Query& query) const;
  HttpReply Report(const Query& query) const;
  HttpReply Senders(const Query& query) const;
  HttpReply Rules(const Query& query) const;
  HttpReply Causes(const Query& query) const;
  HttpReply Timeline(const Query& query) const;
  HttpReply Failures(const Query& query) const;
  HttpReply Explain(const Query& query) const;

  ApiHooks hooks_;
  const PublishedBox& box_;
  const MetricsPage& page_;
  const Clock& clock_;
  const ApiHistory history_;
};

}  // namespace bouncesight
