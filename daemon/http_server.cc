// The only file that knows Boost.Beast: it takes long to compile.
#include "daemon/http_server.h"

#include <list>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <sys/socket.h>

namespace bouncesight {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

using Request = http::request<http::empty_body>;
using Response = http::response<http::span_body<const char>>;

template <typename View>
std::string_view ToView(View view) {
  return {view.data(), view.size()};
}

HttpReply Handle(const HttpHandler& handler, const Request& request) {
  HttpRequest plain;
  plain.method = ToView(request.method_string());
  const std::string_view target = ToView(request.target());
  plain.path = target.substr(0, target.find('?'));
  plain.accept = ToView(request[http::field::accept]);
  plain.accept_encoding = ToView(request[http::field::accept_encoding]);
  plain.authorization = ToView(request[http::field::authorization]);
  return handler(plain);
}

Response MakeResponse(const HttpReply& reply, bool keep_alive) {
  Response response;
  response.result(reply.status);
  response.version(11);
  response.keep_alive(keep_alive);
  response.set(http::field::content_type, reply.content_type);
  if (reply.gzip) response.set(http::field::content_encoding, "gzip");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.body() = {reply.body->data(), reply.body->size()};
  response.content_length(reply.body->size());
  return response;
}

// One connection, and since when it has been waiting for its present request.
struct Session {
  explicit Session(tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
};

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(asio::io_context& io, HttpHandler handler, HttpLimits limits)
      : io_(io), handler_(std::move(handler)), limits_(limits) {}

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
      return Error{"--web.listen-address: cannot listen on " + address + ": " + error.message() +
                   "; is another program there?"};
    }
    return Serve(std::move(acceptor));
  }

  Status Adopt(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      return Error{"the socket that systemd hands over cannot be used"};
    }
    auto acceptor = std::make_shared<tcp::acceptor>(io_);
    boost::system::error_code error;
    acceptor->assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), fd, error);
    if (error) return Error{"the socket that systemd hands over: " + error.message()};
    return Serve(std::move(acceptor));
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
    for (auto* session : sessions_) session->stream.socket().close(ignored);
  }

 private:
  Status Serve(std::shared_ptr<tcp::acceptor> acceptor) {
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
      asio::co_spawn(self->io_, Converse(self, std::make_shared<Session>(std::move(socket))),
                     asio::detached);
    }
  }

  // The list is ordered by when a session began to wait for its request.
  void DropOldest() {
    boost::system::error_code ignored;
    sessions_.front()->stream.socket().close(ignored);
    sessions_.pop_front();
  }

  static asio::awaitable<void> Converse(std::shared_ptr<Impl> self,
                                        std::shared_ptr<Session> session) {
    self->sessions_.push_back(session.get());
    beast::flat_static_buffer<16 * 1024> buffer;
    bool again = true;
    for (bool first = true; again && !self->stopped_; first = false) {
      again = co_await self->Exchange(session->stream, buffer, first);
      self->sessions_.remove(session.get());
      if (again) self->sessions_.push_back(session.get());
    }
    boost::system::error_code ignored;
    session->stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  }

  // One request and its answer. False: the connection has ended or must.
  asio::awaitable<bool> Exchange(beast::tcp_stream& stream,
                                 beast::flat_static_buffer<16 * 1024>& buffer, bool first) {
    boost::system::error_code error;
    const auto token = [&error] { return asio::redirect_error(asio::use_awaitable, error); };
    if (!first && buffer.size() == 0) {  // the clock of a request starts with its first byte
      stream.expires_after(limits_.idle_time);
      buffer.commit(co_await stream.async_read_some(buffer.prepare(1024), token()));
      if (error) co_return false;
    }
    stream.expires_after(limits_.request_time);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(limits_.request_bytes);
    parser.body_limit(0);
    co_await http::async_read(stream, buffer, parser, token());
    HttpReply reply;
    if (error == http::error::end_of_stream || error == beast::error::timeout || stopped_) {
      co_return false;
    }
    reply =
        error ? HttpReply::Text(StatusOf(error), "bad request\n") : Handle(handler_, parser.get());
    const bool keep_alive = !error && parser.get().keep_alive();
    const bool head = !error && parser.get().method() == http::verb::head;
    error = {};
    stream.expires_after(limits_.answer_time);
    Response response = MakeResponse(reply, keep_alive);
    http::response_serializer<http::span_body<const char>> serializer(response);
    if (head) {
      co_await http::async_write_header(stream, serializer, token());
    } else {
      co_await http::async_write(stream, serializer, token());
    }
    co_return !error && keep_alive;
  }

  static unsigned StatusOf(boost::system::error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    return error == http::error::body_limit ? 413 : 400;
  }

  asio::io_context& io_;
  HttpHandler handler_;
  HttpLimits limits_;
  std::vector<std::shared_ptr<tcp::acceptor>> acceptors_;
  std::list<Session*> sessions_;
  bool stopped_ = false;
};

HttpServer::HttpServer(asio::io_context& io, HttpHandler handler, HttpLimits limits)
    : impl_(std::make_shared<Impl>(io, std::move(handler), limits)) {}

HttpServer::~HttpServer() { Stop(); }

Status HttpServer::Listen(const std::string& address) { return impl_->Listen(address); }
Status HttpServer::Adopt(int fd) { return impl_->Adopt(fd); }
std::vector<std::string> HttpServer::addresses() const { return impl_->addresses(); }
void HttpServer::Stop() { impl_->Stop(); }

}  // namespace bouncesight
