// The only file that knows Boost.Beast: it takes long to compile.
#include "daemon/web/http_server.h"

#include <algorithm>
#include <list>
#include <optional>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include "daemon/system/log.h"
#include "daemon/system/net/listen_address.h"
#include "daemon/system/net/socket_owner.h"
#include "daemon/system/net/stream_socket.h"
#include "daemon/web/http_refusals.h"
#include "daemon/web/web_guard.h"

namespace bouncesight {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

using Request = http::request<http::string_body>;
using Response = http::response<http::span_body<const char>>;

template <typename View>
std::string_view ToView(View view) {
  return {view.data(), view.size()};
}

HttpRequest PlainRequest(const Request& request) {
  const std::string_view target = ToView(request.target());
  const auto end = std::min(target.find('?'), target.size());
  HttpRequest plain;
  plain.method = ToView(request.method_string());
  plain.path = target.substr(0, end);
  plain.query = target.substr(std::min(end + 1, target.size()));
  plain.accept = ToView(request[http::field::accept]);
  plain.accept_encoding = ToView(request[http::field::accept_encoding]);
  plain.accept_language = ToView(request[http::field::accept_language]);
  plain.authorization = ToView(request[http::field::authorization]);
  plain.host = ToView(request[http::field::host]);
  plain.fetch_site = ToView(request["Sec-Fetch-Site"]);
  plain.content_type = ToView(request[http::field::content_type]);
  plain.if_none_match = ToView(request[http::field::if_none_match]);
  plain.body = request.body();
  return plain;
}

// True if whoever is at the other end is on this machine.
bool IsLocal(const tcp::socket& socket) {
  boost::system::error_code error;
  const auto address = socket.local_endpoint(error).address();
  if (error) return false;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
  }
  return address.is_loopback();
}

Response MakeResponse(const HttpReply& reply, const WebSecurity& security, bool keep_alive) {
  Response response;
  response.result(reply.status);
  response.version(11);
  response.keep_alive(keep_alive);
  response.set(http::field::content_type, reply.content_type);
  if (reply.gzip) response.set(http::field::content_encoding, "gzip");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : security.headers) response.set(name, value);
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.body() = {reply.body->data(), reply.body->size()};
  response.content_length(reply.body->size());
  return response;
}

asio::awaitable<bool> CheckPassword(BasicAuth& auth, std::shared_ptr<const WebAccess> access,
                                    std::string authorization) {
  co_return auth.Check(access->config.users, authorization);
}

asio::awaitable<HttpReply> Finish(std::function<HttpReply()> later) { co_return later(); }

using Buffer = beast::flat_static_buffer<16 * 1024>;
bool IsPlainHttp(const boost::system::error_code& error) {
  const auto code = static_cast<unsigned long>(error.value());
  return error.category() == asio::error::get_ssl_category() && ERR_GET_LIB(code) == ERR_LIB_SSL &&
         ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST;
}

using TlsStream = asio::ssl::stream<beast::tcp_stream&>;

// One connection.
struct Session {
  Session(tcp::socket socket, std::shared_ptr<const WebAccess> current)
      : stream(std::move(socket)), access(std::move(current)) {
    if (access->tls) tls.emplace(stream, ::SSL_new(access->tls.get()));
  }
  void Close() {
    boost::system::error_code ignored;
    stream.socket().close(ignored);
  }

  beast::tcp_stream stream;
  std::shared_ptr<const WebAccess> access;  // as it was when the connection began
  std::optional<TlsStream> tls;
  Buffer buffer;
};

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(asio::io_context& io, HttpHandler handler, WebGuard& guard, HttpLimits limits)
      : io_(io), handler_(std::move(handler)), guard_(guard), limits_(limits) {}

  Status Listen(const std::string& address) {
    const auto colon = address.rfind(':');
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    if (host.empty()) host = "::";
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(host, error);
    if (error || colon == std::string::npos) {
      return Error{"--web.listen-address: `" + address + "`: write HOST:PORT"};
    }
    const auto port = static_cast<std::uint16_t>(std::stoul("0" + address.substr(colon + 1)));
    auto acceptor = std::make_shared<tcp::acceptor>(io_);
    const tcp::endpoint endpoint(ip, port);
    acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && ip.is_v6() && ip.is_unspecified()) {
      acceptor->set_option(asio::ip::v6_only(false), error);
    }
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return Error{
          "--web.listen-address: cannot listen on " + address + ": " + error.message() +
          ListenRemedy(error.value(), WebListenAddress(address), "bouncesight-http.socket")};
    }
    return Take(std::move(acceptor));
  }

  Status Adopt(int fd) {
    auto acceptor = std::make_shared<tcp::acceptor>(io_);
    boost::system::error_code error;
    acceptor->assign(IsIpv6Socket(fd) ? tcp::v6() : tcp::v4(), fd, error);
    if (error) return Error{"the socket that systemd hands over: " + error.message()};
    return Take(std::move(acceptor));
  }

  std::vector<std::string> addresses() const {
    std::vector<std::string> all;
    for (const auto& acceptor : acceptors_) {
      const auto endpoint = acceptor->local_endpoint();
      const std::string host = endpoint.address().to_string();
      all.push_back((endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
                    std::to_string(endpoint.port()));
    }
    return all;
  }

  void Stop() {
    stopped_ = true;
    boost::system::error_code ignored;
    for (auto& acceptor : acceptors_) acceptor->close(ignored);
    for (auto* session : sessions_) session->Close();
    for (asio::thread_pool* beside : {&checkers_, &slow_}) {
      beside->stop();
      beside->join();
    }
  }

 private:
  Status Take(std::shared_ptr<tcp::acceptor> acceptor) {
    // Else Asio waits for the next one when a peer has gone before it was accepted, and whoever
    // stands behind that peer waits with it.
    boost::system::error_code ignored;
    acceptor->set_option(asio::socket_base::enable_connection_aborted(true), ignored);
    acceptors_.push_back(acceptor);
    asio::co_spawn(io_, Accept(shared_from_this(), std::move(acceptor)), asio::detached);
    return Ok{};
  }

  static asio::awaitable<void> Accept(std::shared_ptr<Impl> self,
                                      std::shared_ptr<tcp::acceptor> acceptor) {
    while (!self->stopped_) {
      boost::system::error_code error;
      tcp::socket socket =
          co_await acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (self->stopped_) co_return;
      if (error) {  // out of descriptors, or the peer is gone already
        asio::steady_timer pause(self->io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      if (self->sessions_.size() >= self->limits_.connections) self->DropOldest();
      auto session = std::make_shared<Session>(std::move(socket), self->guard_.Access());
      self->sessions_.push_back(session.get());
      asio::co_spawn(self->io_, Converse(self, std::move(session)), asio::detached);
    }
  }

  // The list is ordered by when a session began to wait for its request.
  void DropOldest() {
    sessions_.front()->Close();
    sessions_.pop_front();
  }

  static asio::awaitable<void> Converse(std::shared_ptr<Impl> self,
                                        std::shared_ptr<Session> session) {
    if (session->tls) {
      co_await self->ConverseSecretly(*session);
    } else {
      co_await self->Serve(*session, session->stream);
    }
    self->sessions_.remove(session.get());
    boost::system::error_code ignored;
    session->stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  }

  asio::awaitable<void> ConverseSecretly(Session& session) {
    boost::system::error_code error;
    session.stream.expires_after(limits_.request_time);
    co_await session.tls->async_handshake(asio::ssl::stream_base::server,
                                          asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      if (IsPlainHttp(error)) co_await RefusePlainHttp(session);
      co_return;
    }
    co_await Serve(session, *session.tls);
    session.stream.expires_after(kGoodbye);
    co_await session.tls->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  }

  // Whoever speaks without TLS is told so in the language that he speaks.
  asio::awaitable<void> RefusePlainHttp(Session& session) {
    constexpr std::string_view kAnswer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
        "This port speaks TLS: write https:// in place of http://\n";
    if (!std::exchange(told_of_plain_http_, true)) {
      LogWarning(
          "plain HTTP was sent to the TLS port and answered with 400: write https:// (Prometheus: "
          "`scheme: https`); this is said once");
    }
    boost::system::error_code error;
    session.stream.expires_after(kGoodbye);
    co_await asio::async_write(session.stream, asio::buffer(kAnswer),
                               asio::redirect_error(asio::use_awaitable, error));
  }

  template <typename Stream>
  asio::awaitable<void> Serve(Session& session, Stream& stream) {
    bool again = true;
    for (bool first = true; again && !stopped_; first = false) {
      again = co_await Exchange(session, stream, first);
      sessions_.remove(&session);
      if (again) sessions_.push_back(&session);
    }
  }

  // One request and its answer. False: the connection has ended or must.
  template <typename Stream>
  asio::awaitable<bool> Exchange(Session& session, Stream& stream, bool first) {
    boost::system::error_code error;
    const auto token = [&error] { return asio::redirect_error(asio::use_awaitable, error); };
    Buffer& buffer = session.buffer;
    if (!first && buffer.size() == 0) {  // the clock of a request starts with its first byte
      session.stream.expires_after(limits_.idle_time);
      buffer.commit(co_await stream.async_read_some(buffer.prepare(1024), token()));
      if (error) co_return false;
    }
    session.stream.expires_after(limits_.request_time);
    http::request_parser<http::string_body> parser;
    parser.header_limit(limits_.request_bytes);
    parser.body_limit(limits_.body_bytes);
    co_await http::async_read(stream, buffer, parser, token());
    if (error == http::error::end_of_stream || error == beast::error::timeout || stopped_) {
      co_return false;
    }
    const auto access = guard_.Access();
    HttpReply reply;
    if (error) {
      reply = BadRequest(StatusOf(error));
    } else if (!guard_.Admits(*access)) {
      reply = TooMany(access->config.rate_limit);
    } else if (co_await MayEnter(access, parser.get())) {
      reply = co_await Handle(session, *access, parser.get());
    } else {
      reply = Unauthorized();
    }
    const bool keep_alive = !error && parser.get().keep_alive();
    const bool head = !error && parser.get().method() == http::verb::head;
    error = {};
    session.stream.expires_after(limits_.answer_time);
    Response response = MakeResponse(reply, access->config, keep_alive);
    http::response_serializer<http::span_body<const char>> serializer(response);
    if (head) {
      co_await http::async_write_header(stream, serializer, token());
    } else {
      co_await http::async_write(stream, serializer, token());
    }
    if (!error && reply.status == 413) co_await Drain(session, stream);
    co_return !error && keep_alive;
  }

  // Whoever still sends what nobody reads would see a reset in place of the answer.
  template <typename Stream>
  asio::awaitable<void> Drain(Session& session, Stream& stream) {
    constexpr std::size_t kMost = std::size_t{8} * 1024 * 1024;
    boost::system::error_code error;
    session.stream.expires_after(kGoodbye);
    for (std::size_t got = 0; got < kMost && !error && !stopped_;) {
      session.buffer.clear();
      got += co_await stream.async_read_some(session.buffer.prepare(8 * 1024),
                                             asio::redirect_error(asio::use_awaitable, error));
    }
  }

  asio::awaitable<HttpReply> Handle(const Session& session, const WebAccess& access,
                                    const Request& request) {
    HttpRequest plain = PlainRequest(request);
    plain.loopback = IsLocal(session.stream.socket());
    plain.guarded = !access.config.users.empty();
    HttpReply reply = handler_(plain);
    if (!reply.later) co_return reply;
    co_return co_await asio::co_spawn(slow_, Finish(std::move(reply.later)), asio::use_awaitable);
  }

  // A password that is not known yet is checked beside this thread, which goes on answering.
  asio::awaitable<bool> MayEnter(std::shared_ptr<const WebAccess> access, const Request& request) {
    if (access->config.users.empty()) co_return true;
    const std::string authorization(ToView(request[http::field::authorization]));
    const auto known = guard_.auth().Recall(access->config.users, authorization);
    if (known) co_return *known;
    co_return co_await asio::co_spawn(
        checkers_, CheckPassword(guard_.auth(), std::move(access), authorization),
        asio::use_awaitable);
  }

  static unsigned StatusOf(boost::system::error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    return error == http::error::body_limit ? 413 : 400;
  }

  static constexpr std::chrono::seconds kGoodbye{1};

  asio::io_context& io_;
  HttpHandler handler_;
  WebGuard& guard_;
  HttpLimits limits_;
  asio::thread_pool checkers_{1};
  asio::thread_pool slow_{1};  // for HttpReply::later
  std::vector<std::shared_ptr<tcp::acceptor>> acceptors_;
  std::list<Session*> sessions_;
  bool stopped_ = false;
  bool told_of_plain_http_ = false;
};

HttpServer::HttpServer(asio::io_context& io, HttpHandler handler, WebGuard& guard,
                       HttpLimits limits)
    : impl_(std::make_shared<Impl>(io, std::move(handler), guard, limits)) {}

HttpServer::~HttpServer() { Stop(); }

Status HttpServer::Listen(const std::string& address) { return impl_->Listen(address); }
Status HttpServer::Adopt(int fd) { return impl_->Adopt(fd); }
std::vector<std::string> HttpServer::addresses() const { return impl_->addresses(); }
void HttpServer::Stop() { impl_->Stop(); }

}  // namespace bouncesight
