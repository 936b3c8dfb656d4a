// What the daemon answers: the scrape, the page with its API, and the management paths of the
// Prometheus world. A closed list: by GET and HEAD, those of the lifecycle by PUT and POST; the API
// says for itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/web/api.h"
#include "daemon/web/http_message.h"
#include "daemon/web/metrics_page.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct RouteHooks {
  std::string telemetry_path = "/metrics";
  bool lifecycle = false;       // answer /-/reload and /-/quit
  std::function<bool()> ready;  // counters may be shown
  // Reloads, and waits for it: the keys that need a restart. An Error: nothing was reloaded.
  std::function<Result<std::vector<std::string>>()> reload;
  std::function<void()> quit;
};

// `page` and `api` must outlive the handler.
HttpHandler MakeRoutes(RouteHooks hooks, MetricsPage& page, const Api& api);

}  // namespace bouncesight
