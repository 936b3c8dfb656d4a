#include "daemon/web/http_routes.h"

#include <memory>

#include "daemon/system/version.h"
#include "daemon/web/content_choice.h"
#include "metrics/safe_text.h"

namespace bouncesight {
namespace {

class Routes {
 public:
  Routes(RouteHooks hooks, MetricsPage& page) : hooks_(std::move(hooks)), page_(page) {}

  HttpReply Answer(const HttpRequest& request) const {
    const bool lifecycle = request.path == "/-/reload" || request.path == "/-/quit";
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (lifecycle) return AnswerLifecycle(request);
    if (!Known(request.path)) return HttpReply::Text(404, "not found\n");
    if (!reads) return NotAllowed("GET, HEAD");
    if (request.path == hooks_.telemetry_path) return Scrape(request);
    if (request.path == "/-/healthy") return HttpReply::Text(200, "bouncesight is healthy.\n");
    if (request.path == "/-/ready") {
      return hooks_.ready() ? HttpReply::Text(200, "bouncesight is ready.\n") : NotReady();
    }
    return LandingPage();
  }

 private:
  bool Known(std::string_view path) const {
    return path == "/" || path == hooks_.telemetry_path || path == "/-/healthy" ||
           path == "/-/ready";
  }

  static HttpReply NotAllowed(const char* methods) {
    HttpReply reply = HttpReply::Text(405, std::string("use ") + methods + "\n");
    reply.headers.emplace_back("Allow", methods);
    return reply;
  }

  static HttpReply NotReady() {
    HttpReply reply = HttpReply::Text(503, "reading what was written while away; try again\n");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
  }

  HttpReply Scrape(const HttpRequest& request) const {
    if (!hooks_.ready()) return NotReady();
    const ExpositionFormat format = ChooseFormat(request.accept);
    HttpReply reply;
    reply.gzip = AcceptsGzip(request.accept_encoding);
    reply.content_type = ContentType(format);
    reply.body = page_.Body(format, reply.gzip);
    reply.headers.emplace_back("Vary", "Accept, Accept-Encoding");
    return reply;
  }

  HttpReply AnswerLifecycle(const HttpRequest& request) const {
    if (!hooks_.lifecycle) {
      return HttpReply::Text(403, "switched off; start with --web.enable-lifecycle\n");
    }
    if (request.method != "PUT" && request.method != "POST") return NotAllowed("PUT, POST");
    if (request.path == "/-/quit") {
      hooks_.quit();
      return HttpReply::Text(200, "bouncesight ends.\n");
    }
    const Status reloaded = hooks_.reload();
    if (reloaded) return HttpReply::Text(200, "configuration and rules are reloaded\n");
    return HttpReply::Text(500, "nothing was reloaded: " + reloaded.error().message + "\n");
  }

  HttpReply LandingPage() const {
    const std::string path = EscapeHtml(hooks_.telemetry_path);
    HttpReply reply = HttpReply::Text(
        200,
        "<!DOCTYPE html><html lang=\"en\"><head><title>bouncesight</title></head><body>"
        "<h1>bouncesight</h1><p>Says why mail bounces, and counts it for Prometheus.</p>"
        "<p>Version " +
            EscapeHtml(GetBuildInfo().version) + ", revision " +
            EscapeHtml(GetBuildInfo().revision) + "</p><ul><li><a href=\"" + path +
            "\">Metrics</a></li><li><a href=\"/-/healthy\">Healthy</a></li>"
            "<li><a href=\"/-/ready\">Ready</a></li></ul></body></html>\n");
    reply.content_type = "text/html; charset=utf-8";
    return reply;
  }

  RouteHooks hooks_;
  MetricsPage& page_;
};

}  // namespace

HttpHandler MakeRoutes(RouteHooks hooks, MetricsPage& page) {
  const auto routes = std::make_shared<const Routes>(std::move(hooks), page);
  return [routes](const HttpRequest& request) { return routes->Answer(request); };
}

}  // namespace bouncesight
