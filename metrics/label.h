// Label values out of what strangers wrote. A value that leaves here is of [A-Za-z0-9._@:/-], at
// most 253 bytes: inert in Prometheus, in a terminal and in HTML.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace bouncesight {

inline constexpr std::string_view kInvalidLabel = "invalid";
inline constexpr std::string_view kOtherLabel = "other";

inline constexpr std::size_t kMaxDomainBytes = 253;  // RFC 1035, 2.3.4, without the last dot
using DomainBuffer = std::array<char, kMaxDomainBytes>;

// The name that a domain is counted by within a tally, before DomainLabel makes a label of it:
// ASCII in lower case, in `buffer`, and "invalid" for what is too long. Allocates nothing.
std::string_view FoldDomain(std::string_view domain, DomainBuffer& buffer);

// A mail domain: lower case, without its last dot, internationalised names as A-labels (IDNA 2008,
// RFC 5891). "invalid" for what is not a domain name; empty for empty.
std::string DomainLabel(std::string_view domain);

// Any other name (a source, an instance, a block list): bytes out of the alphabet become "_",
// longer than 128 bytes is cut.
std::string NameLabel(std::string_view name);

// What has the looks of an IPv4 or IPv6 address, in lower case; "invalid" for anything else; empty
// for empty.
std::string AddressLabel(std::string_view address);

// True if `value` may be shown as it stands.
bool IsLabel(std::string_view value);

}  // namespace bouncesight
