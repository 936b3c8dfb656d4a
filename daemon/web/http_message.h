// A request and its answer, apart from any connection.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bouncesight {

// Views live during the handler's call.
struct HttpRequest {
  std::string_view method = "GET";
  std::string_view path;   // without the query
  std::string_view query;  // behind the `?`
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view accept_language;
  std::string_view authorization;
  std::string_view host;
  std::string_view fetch_site;  // Sec-Fetch-Site
  std::string_view content_type;
  std::string_view if_none_match;
  std::string_view body;
  bool loopback = true;  // it came to a loopback address, so from this machine
  bool guarded = false;  // with a password, since one is asked for
};

struct HttpReply {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::shared_ptr<const std::string> body;
  bool gzip = false;  // the body is packed
  // Further ones; they replace what every answer has, such as its policy and Cache-Control, and
  // what the operator's http_server_config says of the same: another policy would leave the page
  // blank.
  std::vector<std::pair<std::string, std::string>> headers;
  // If set, what it returns is the answer, in place of all above. Called on a thread that does
  // nothing else, one at a time; it outlives the request and must own what it needs of it.
  std::function<HttpReply()> later;

  static HttpReply Text(unsigned status, std::string body) {
    HttpReply reply;
    reply.status = status;
    reply.body = std::make_shared<const std::string>(std::move(body));
    return reply;
  }
};

// Called on the server's thread, which answers nobody else meanwhile: what takes longer than a
// scrape goes into `later`. Only a reload is waited for.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

}  // namespace bouncesight
