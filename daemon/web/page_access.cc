#include "daemon/web/page_access.h"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace bouncesight {
namespace {

std::string_view WithoutPort(std::string_view host) {
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  const bool port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (port) host = host.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return host;
}

bool IsJson(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  const auto type = content_type.substr(0, content_type.find(';'));
  return type.starts_with(kJson) &&
         type.find_first_not_of(" \t", kJson.size()) == std::string_view::npos;
}

}  // namespace

bool NamesThisMachine(std::string_view host) {
  host = WithoutPort(host);
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

std::string WhyNoPage(const HttpRequest& request) {
  if (request.guarded) return {};
  if (!request.loopback) {
    return "The page is off: it shows what was in the logs, this address is not a loopback one, "
           "and no password is asked for. Put `basic_auth_users` into the file of "
           "web.config_file, or open the page on the host itself, at 127.0.0.1 and the same port.";
  }
  if (NamesThisMachine(request.host)) return {};
  return "The page is off for this name: without a password it answers to localhost and 127.0.0.1 "
         "only, so that no web site can read it through a browser. Put `basic_auth_users` into the "
         "file of web.config_file; or let the proxy in front send `Host: 127.0.0.1`.";
}

std::string WhyNoPost(const HttpRequest& request) {
  if (!IsJson(request.content_type)) return "Send JSON, with `Content-Type: application/json`.";
  const bool from_here = request.fetch_site.empty() || request.fetch_site == "same-origin" ||
                         request.fetch_site == "none";
  if (!from_here) return "Another site's page may not ask this.";
  return {};
}

std::string PageOffWarning(const std::vector<std::string>& addresses, bool guarded) {
  const auto far = std::ranges::find_if_not(addresses, NamesThisMachine);
  if (guarded || far == addresses.end()) return {};
  return "the page and its API are off at " + *far +
         ", which is not a loopback address, since no password is asked for: put "
         "`basic_auth_users` into the file of web.config_file; /metrics is answered";
}

}  // namespace bouncesight
