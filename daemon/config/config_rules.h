// What a single value of the configuration may be. Each gives an empty text, or the complaint with
// its remedy.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// Where the metrics are: a path that a request can ask for, and that nothing else answers.
std::string CheckTelemetryPath(std::string_view path);

// A source's name: it becomes a label value.
std::string CheckSourceName(std::string_view name);

// As listen_address.h says: "udp://HOST:PORT", …
std::string CheckSyslogAddress(std::string_view address);

// A mail domain, as example.com; below: "*.example.com" too.
std::string CheckDomain(std::string_view domain);
std::string CheckDomainOrBelow(std::string_view domain);

// A group of domains: its name takes the place of a domain in the label.
std::string CheckGroupName(std::string_view name);

// How far a zone is from Greenwich: "+08:00", "-0330", "Z".
std::string CheckZone(std::string_view zone);

// "192.0.2.0/24", "2001:db8::/32", or one address.
std::string CheckNetwork(std::string_view network);

}  // namespace bouncesight
