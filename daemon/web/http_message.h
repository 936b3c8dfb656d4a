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
  std::string_view path;  // without the query
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view authorization;
};

struct HttpReply {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::shared_ptr<const std::string> body;
  bool gzip = false;                                         // the body is packed
  std::vector<std::pair<std::string, std::string>> headers;  // further ones

  static HttpReply Text(unsigned status, std::string body) {
    HttpReply reply;
    reply.status = status;
    reply.body = std::make_shared<const std::string>(std::move(body));
    return reply;
  }
};

// Called on the server's thread, which answers nobody else meanwhile. Only a reload is waited for.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

}  // namespace bouncesight
