// What the server itself answers, before anybody is asked: plain text for whoever sent it.
#pragma once

#include "daemon/web/http_message.h"
#include "daemon/web/rate_limiter.h"

namespace bouncesight {

HttpReply Unauthorized();
// `status`: 400, 413 (the body is too large) or 431 (the head is).
HttpReply BadRequest(unsigned status);
HttpReply TooMany(const RateLimit& limit);

}  // namespace bouncesight
