#include "daemon/system/net/listen_address.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace bouncesight {
namespace {

constexpr std::size_t kMaxUnixPath = 107;  // sun_path with its NUL
constexpr std::size_t kMaxSocketName = 255;

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

Result<ListenAddress> Internet(ListenAddress address, std::string_view rest) {
  if (rest.starts_with(":"))
    return Error{"name the address to bind, as udp://127.0.0.1:5514 or udp://[::1]:5514"};
  if (std::string what = CheckHostPort(rest); !what.empty()) return Error{std::move(what)};
  const auto colon = rest.rfind(':');
  address.host = rest.substr(0, colon);
  if (address.host.front() == '[') address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host == "localhost") address.host = "127.0.0.1";
  std::from_chars(rest.data() + colon + 1, rest.data() + rest.size(), address.port);
  return address;
}

Result<ListenAddress> Unix(ListenAddress address, std::string_view path) {
  if (path.empty() || path.front() != '/' || path.find('\0') != std::string_view::npos) {
    return Error{"write an absolute path, as unix:///run/x/log"};
  }
  if (path.size() > kMaxUnixPath) {
    return Error{"use a path of at most 107 bytes: the system takes no longer ones"};
  }
  address.name = path;
  return address;
}

Result<ListenAddress> Systemd(ListenAddress address, std::string_view name) {
  const bool well = !name.empty() && name.size() <= kMaxSocketName &&
                    std::all_of(name.begin(), name.end(),
                                [](char c) { return c > ' ' && c < '\x7f' && c != ':'; });
  if (!well) return Error{"write the FileDescriptorName= of a socket unit, as systemd:syslog"};
  address.name = name;
  return address;
}

}  // namespace

std::string CheckHostPort(std::string_view address) {
  std::string remedy = "write HOST:PORT, as 127.0.0.1:19154, [::1]:19154 or :19154";
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos) return remedy;
  const std::string_view digits = address.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [rest, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed != std::errc{} || rest != digits.data() + digits.size()) return remedy;
  std::string host(address.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty() || host == "localhost") return {};
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return error ? remedy + " (an address, not a name)" : "";
}

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  ListenAddress address;
  address.text = text;
  for (const auto& [scheme, transport] : {std::pair{"udp://", Transport::kUdp},
                                          {"tcp://", Transport::kTcp},
                                          {"tls://", Transport::kTls}}) {
    address.transport = transport;
    if (TakePrefix(text, scheme)) return Internet(std::move(address), text);
  }
  address.transport = Transport::kUnixDatagram;
  if (TakePrefix(text, "unix://")) return Unix(std::move(address), text);
  address.transport = Transport::kUnixStream;
  if (TakePrefix(text, "unix-stream://")) return Unix(std::move(address), text);
  address.transport = Transport::kSystemd;
  if (TakePrefix(text, "systemd:")) return Systemd(std::move(address), text);
  return Error{
      "write udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, unix:///PATH, unix-stream:///PATH "
      "or systemd:NAME"};
}

ListenAddress WebListenAddress(std::string_view address) {
  const std::string text = (address.starts_with(":") ? "[::]" : "") + std::string(address);
  ListenAddress tcp;
  tcp.transport = Transport::kTcp;
  tcp.text = address;
  const auto listen = Internet(tcp, text);
  return listen ? *listen : tcp;
}

}  // namespace bouncesight
