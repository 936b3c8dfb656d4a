#include "daemon/web/http_routes.h"

#include <memory>

#include "daemon/web/content_choice.h"
#include "daemon/web/page_access.h"
#include "daemon/web/page_files.h"

namespace bouncesight {
namespace {

class Routes {
 public:
  Routes(RouteHooks hooks, MetricsPage& page, const Api& api)
      : hooks_(std::move(hooks)), page_(page), api_(api) {}

  HttpReply Answer(const HttpRequest& request) const {
    const bool lifecycle = request.path == "/-/reload" || request.path == "/-/quit";
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (lifecycle) return AnswerLifecycle(request);
    if (request.path.starts_with("/api/")) return ShowPage(request, nullptr);
    const PageFile* file = Known(request.path) ? nullptr : FindPageFile(request.path);
    if (file == nullptr && !Known(request.path)) return HttpReply::Text(404, "not found\n");
    if (!reads) return NotAllowed("GET, HEAD");
    if (request.path == hooks_.telemetry_path) return Scrape(request);
    if (request.path == "/-/healthy") return HttpReply::Text(200, "bouncesight is healthy.\n");
    if (request.path == "/-/ready") {
      return hooks_.ready() ? HttpReply::Text(200, "bouncesight is ready.\n") : NotReady();
    }
    return ShowPage(request, file);
  }

 private:
  bool Known(std::string_view path) const {
    return path == hooks_.telemetry_path || path == "/-/healthy" || path == "/-/ready";
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
    return AnswerReload();
  }

  HttpReply AnswerReload() const {
    const auto for_restart = hooks_.reload();
    if (!for_restart) {
      return HttpReply::Text(500, "nothing was reloaded: " + for_restart.error().message + "\n");
    }
    std::string body = "configuration and rules are reloaded\n";
    for (const std::string& key : *for_restart) {
      body += key + " has changed: that needs a restart\n";
    }
    return HttpReply::Text(200, std::move(body));
  }

  // The page's files are the same for everybody, but of no use to those who may not see what it
  // shows.
  HttpReply ShowPage(const HttpRequest& request, const PageFile* file) const {
    if (const std::string why = WhyNoPage(request); !why.empty()) {
      return HttpReply::Text(403, why + "\n");
    }
    return file == nullptr ? api_.Answer(request) : SendPageFile(*file, request);
  }

  RouteHooks hooks_;
  MetricsPage& page_;
  const Api& api_;
};

}  // namespace

HttpHandler MakeRoutes(RouteHooks hooks, MetricsPage& page, const Api& api) {
  const auto routes = std::make_shared<const Routes>(std::move(hooks), page, api);
  return [routes](const HttpRequest& request) { return routes->Answer(request); };
}

}  // namespace bouncesight
