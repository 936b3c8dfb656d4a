#include "metrics/label.h"

#include <algorithm>
#include <cstdlib>

#include <idn2.h>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMaxDomainLabelBytes = 63;
constexpr std::size_t kMaxNameBytes = 128;

bool IsLabelByte(char c) {
  return IsAlnum(c) || c == '.' || c == '_' || c == '@' || c == ':' || c == '/' || c == '-';
}

// Labels of letters, digits, "-" and "_" (seen in the wild), none empty, none too long.
bool IsDomain(std::string_view name) {
  if (name.empty() || name.size() > kMaxDomainBytes) return false;
  std::size_t length = 0;
  for (const char c : name) {
    if (c == '.') {
      if (length == 0) return false;
      length = 0;
    } else if (!(IsAlnum(c) || c == '-' || c == '_') || ++length > kMaxDomainLabelBytes) {
      return false;
    }
  }
  return length > 0;
}

// Empty if `name` is not an internationalised domain.
std::string ToAscii(const std::string& name) {
  char* ascii = nullptr;
  const int flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT;
  if (idn2_lookup_u8(reinterpret_cast<const uint8_t*>(name.c_str()),
                     reinterpret_cast<uint8_t**>(&ascii), flags) != IDN2_OK) {
    return {};
  }
  std::string result(ascii);
  idn2_free(ascii);
  return result;
}

}  // namespace

std::string_view FoldDomain(std::string_view domain, DomainBuffer& buffer) {
  return domain.size() > buffer.size() ? kInvalidLabel : LowerCase(domain, buffer);
}

std::string DomainLabel(std::string_view domain) {
  if (domain.empty()) return {};
  if (domain.back() == '.') domain.remove_suffix(1);
  if (domain.size() > kMaxDomainBytes || domain.find('\0') != std::string_view::npos) {
    return std::string(kInvalidLabel);
  }
  std::string name = LowerCase(domain);
  if (!IsAscii(name)) name = LowerCase(ToAscii(name));
  // "other" is the name of the rest; no real domain is called so.
  return IsDomain(name) && name != kOtherLabel ? name : std::string(kInvalidLabel);
}

std::string NameLabel(std::string_view name) {
  std::string label(name.substr(0, kMaxNameBytes));
  for (char& c : label) {
    if (!IsLabelByte(c)) c = '_';
  }
  return label;
}

std::string AddressLabel(std::string_view address) {
  if (address.empty()) return {};
  const std::string lower = LowerCase(address);
  const bool clean = std::all_of(lower.begin(), lower.end(),
                                 [](char c) { return IsHexDigit(c) || c == '.' || c == ':'; });
  const bool has_separator = lower.find_first_of(".:") != std::string::npos;
  return clean && has_separator && lower.size() <= 45 ? lower : std::string(kInvalidLabel);
}

bool IsLabel(std::string_view value) {
  return value.size() <= kMaxDomainBytes && std::all_of(value.begin(), value.end(), IsLabelByte);
}

}  // namespace bouncesight
