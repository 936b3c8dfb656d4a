#include "daemon/web/http_refusals.h"

#include <chrono>
#include <string>

namespace bouncesight {

HttpReply Unauthorized() {
  HttpReply reply = HttpReply::Text(401, "unauthorized\n");
  reply.headers.emplace_back("WWW-Authenticate", "Basic");
  return reply;
}

HttpReply BadRequest(unsigned status) {
  if (status == 413) {
    return HttpReply::Text(status,
                           "The body is too large for a request; `bouncesight explain FILE` on the "
                           "host takes whole bounces of any size.\n");
  }
  return HttpReply::Text(status, status == 431 ? "The head of the request is too large.\n"
                                               : "This is not an HTTP request.\n");
}

HttpReply TooMany(const RateLimit& limit) {
  HttpReply reply = HttpReply::Text(429, "too many requests\n");
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit.interval).count();
  reply.headers.emplace_back("Retry-After", std::to_string(seconds));
  return reply;
}

}  // namespace bouncesight
