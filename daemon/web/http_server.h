// HTTP/1.1 for a few well-behaved scrapers and any number of others: at most 64 connections (the
// one that waits longest gives way), requests of at most 8 KiB and bodies of at most 64 KiB, and a
// deadline on every read and write. TLS and passwords as the WebGuard has them.
//
// The room daemon/web:
//
// * http_server.h: connections, TLS, deadlines and limits; the only file that knows Beast.
// * http_routes.h: which path answers what; http_message.h: request and reply as plain values.
// * metrics_page.h: the text of /metrics, built once per commit and kept for a second;
//   content_choice.h: its format.
// * page_files.h: the page at `/` as it was built in; page_access.h: who may see it and its API.
// * api.h: /api/v1/, which API.md describes; api_status.h, api_tables.h, api_history.h: its
//   answers as JSON.
// * web_guard.h: who may scrape, as the file says now (web_config.h); basic_auth.h, rate_limiter.h.
//
// Published snapshots come from daemon/count; no scrape waits for a worker. All of it runs on one
// thread, but for two things with a thread each: the check of a password that was not seen before,
// and the answers of the API (HttpReply::later).
// /-/reload keeps the one thread until the reload has ended, 20 s at most (daemon.cc).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/web/http_message.h"
#include "parsers/event/result.h"

namespace boost::asio {
class io_context;
}

namespace bouncesight {

class WebGuard;

struct HttpLimits {
  std::size_t connections = 64;
  std::uint32_t request_bytes = 8 * 1024;  // its head
  std::uint32_t body_bytes = 64 * 1024;
  // From the first byte to the last of a request; the first one of a connection, and the handshake
  // of TLS, from when the connection is there.
  std::chrono::milliseconds request_time{2000};
  std::chrono::milliseconds answer_time{5000};
  std::chrono::milliseconds idle_time{75'000};  // between two requests
};

// Lives on the thread that runs `io`.
class HttpServer {
 public:
  // `guard` is loaded, and outlives the server.
  HttpServer(boost::asio::io_context& io, HttpHandler handler, WebGuard& guard,
             HttpLimits limits = {});
  ~HttpServer();

  // "127.0.0.1:19154", "[::1]:19154", ":19154" (all addresses), "localhost:19154".
  Status Listen(const std::string& address);
  // Takes a listening socket that systemd has opened.
  Status Adopt(int fd);
  // What was bound, as "ADDRESS:PORT"; useful after a port of 0.
  std::vector<std::string> addresses() const;

  // Takes no more connections and ends those that are open.
  void Stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace bouncesight
