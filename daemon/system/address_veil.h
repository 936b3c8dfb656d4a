// Mail addresses for those who must not keep them.
//
//   hidden   *@example.net; logins and message ids are left out
//   hashed   3f1c0a9b2d4e5f60@example.net: the local part becomes the first 64 bits of
//            HMAC-SHA-256(day's key, whole address in lower case), so do logins and message ids.
//            The day's key is HMAC-SHA-256(key, date of the record): from one day to the next an
//            address cannot be told to be the same, and with the key gone none can be tried out.
//
// Addresses within a reply, or a line, are treated alike. Domains, hosts and clients stay.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/event/delivery_event.h"
#include "parsers/event/result.h"

namespace bouncesight {

class AddressVeil {
 public:
  enum class Mode : std::uint8_t { kFull, kHidden, kHashed };

  explicit AddressVeil(Mode mode, std::string key = {}) : mode_(mode), key_(std::move(key)) {}

  // The event as it may be shown. Views into `event` and into this, until the next call.
  DeliveryEvent Veiled(const DeliveryEvent& event);
  // The same for a whole line, which has no day: its addresses are hidden in both modes.
  std::string_view VeiledLine(std::string_view line);

  Mode mode() const { return mode_; }

 private:
  std::string_view Word(std::string_view word, std::string& room);  // a login, an id
  std::string_view Address(std::string_view address, std::string& room);
  std::string_view Text(std::string_view text, bool hide, std::string& room);
  std::string Hash(std::string_view word) const;
  void TurnKey(std::string_view stamp);

  Mode mode_;
  std::string key_;
  std::string day_, day_key_;
  std::array<std::string, 6> rooms_;
};

// `mode`: "full", "hidden" or "hashed". `key_file`: empty, or the file that holds the key; the
// Error names it, and says what to do.
Result<AddressVeil> MakeAddressVeil(std::string_view mode, const std::string& key_file);

}  // namespace bouncesight
