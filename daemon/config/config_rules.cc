#include "daemon/config/config_rules.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <boost/asio/ip/address.hpp>

#include "daemon/system/net/listen_address.h"
#include "metrics/label.h"
#include "parsers/text/ascii.h"
#include "parsers/text/civil_time.h"

namespace bouncesight {
namespace {

bool ParseNumber(std::string_view text, unsigned most, unsigned& out) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && rest == text.data() + text.size() && out <= most;
}

bool IsNameByte(char c) { return IsAlnum(c) || c == '_' || c == '-' || c == '.'; }

}  // namespace

std::string CheckTelemetryPath(std::string_view path) {
  const auto quoted = "`" + std::string(path) + "`";
  const bool plain = std::all_of(path.begin(), path.end(),
                                 [](char c) { return IsNameByte(c) || c == '/' || c == '~'; });
  if (path.empty() || path.front() != '/' || !plain) {
    return quoted + ": write a path of letters, digits and ./_~- alone, as /metrics";
  }
  if (path == "/") return quoted + ": the page is there; write another path, as /metrics";
  for (const std::string_view taken : {"/-/", "/api/"}) {
    if (path.starts_with(taken) || path == taken.substr(0, taken.size() - 1)) {
      return quoted + ": what begins with " + std::string(taken) +
             " has a meaning already; write another path, as /metrics";
    }
  }
  return {};
}

std::string CheckSourceName(std::string_view name) {
  if (name.empty()) return "give every source a name: it becomes the label `source`";
  if (name.size() > 64 || !std::all_of(name.begin(), name.end(), IsNameByte)) {
    return "write a name of at most 64 letters, digits, dots, dashes and underscores";
  }
  return {};
}

std::string CheckSyslogAddress(std::string_view address) {
  const auto parsed = ParseListenAddress(address);
  return parsed ? "" : parsed.error().message;
}

std::string CheckNetwork(std::string_view network) {
  std::string remedy = "write a network, as 192.0.2.0/24 or 2001:db8::/32, or one address";
  const auto slash = network.find('/');
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(network.substr(0, slash)), error);
  if (error) return remedy;
  if (slash == std::string_view::npos) return {};
  unsigned bits = 0;
  return ParseNumber(network.substr(slash + 1), address.is_v4() ? 32 : 128, bits) ? "" : remedy;
}

std::string CheckZone(std::string_view zone) {
  constexpr int kFarthest = 14 * 3600;  // Kiribati
  const auto time = ReadCivilTime(std::string("2026-01-01T00:00:00").append(zone));
  if (zone.empty() || (time && time->zone && std::abs(*time->zone) <= kFarthest)) return {};
  return "write how far the zone is from Greenwich, as +08:00 or -03:30, or Z";
}

std::string CheckDomain(std::string_view domain) {
  const std::string label = DomainLabel(domain);
  return label.empty() || label == kInvalidLabel ? "write a mail domain, as example.com" : "";
}

std::string CheckDomainOrBelow(std::string_view domain) {
  const bool below = domain.starts_with("*.");
  if (CheckDomain(below ? domain.substr(2) : domain).empty()) return {};
  return "write a mail domain, as example.com, or *.example.com for every one below it";
}

std::string CheckGroupName(std::string_view name) {
  if (name.empty() || name.size() > 64 || !std::all_of(name.begin(), name.end(), IsNameByte)) {
    return "write a name of at most 64 letters, digits, dots, dashes and underscores";
  }
  if (name == kOtherLabel || name == kInvalidLabel) return "this name has a meaning already";
  return {};
}

}  // namespace bouncesight
