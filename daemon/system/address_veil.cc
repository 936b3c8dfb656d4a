#include "daemon/system/address_veil.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "daemon/system/small_file.h"
#include "parsers/text/civil_time.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr std::size_t kLeastKey = 16, kMostKey = 4096;
constexpr std::size_t kHashBytes = 8;

std::string Hmac(std::string_view key, std::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return digest;
}

// What may stand in an unquoted local part (RFC 5322, 3.2.3, and RFC 6531's other bytes).
bool IsLocalByte(char c) {
  constexpr std::string_view kOthers = ".!#$%&'*+-/=?^_`{|}~";
  return IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         kOthers.find(c) != std::string_view::npos;
}

bool IsDomainByte(char c) {
  return IsAlnum(c) || c == '-' || c == '.' || c == '[' || static_cast<unsigned char>(c) >= 0x80;
}

// Where the local part that ends at `at` begins; quoted ones begin with their quote.
std::size_t LocalBegin(std::string_view text, std::size_t at) {
  if (at > 1 && text[at - 1] == '"') {
    const std::size_t open = text.rfind('"', at - 2);
    if (open != std::string_view::npos) return open;
  }
  while (at > 0 && IsLocalByte(text[at - 1])) --at;
  return at;
}

// Behind a field's name ("from=ann@example.com") that is no part of the address.
std::size_t BehindKey(std::string_view text, std::size_t begin, std::size_t at) {
  const std::string_view local = text.substr(begin, at - begin);
  for (const std::string_view key : {"from=", "to=", "F=", "sasl_username=", "message-id="}) {
    if (local.starts_with(key)) return begin + key.size();
  }
  return begin;
}

}  // namespace

std::string AddressVeil::Hash(std::string_view word) const {
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(), ToLower);
  const std::string digest = Hmac(day_key_, lower);
  std::string text;
  for (const char byte : std::string_view(digest).substr(0, kHashBytes)) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

void AddressVeil::TurnKey(std::string_view stamp) {
  const std::optional<CivilTime> time = ReadCivilTime(stamp);
  // A stamp without a year turns the key each day all the same.
  const std::string day = time ? std::to_string(time->year) + "-" + std::to_string(time->month) +
                                     "-" + std::to_string(time->day)
                               : std::string();
  if (!day_key_.empty() && day == day_) return;
  day_ = day;
  day_key_ = Hmac(key_, day_);
}

std::string_view AddressVeil::Word(std::string_view word, std::string& room) {
  if (word.empty() || mode_ == Mode::kHidden) return {};
  room = Hash(word);
  return room;
}

std::string_view AddressVeil::Address(std::string_view address, std::string& room) {
  if (address.empty() || address == "<>") return address;
  const std::size_t at = address.rfind('@');
  room = mode_ == Mode::kHidden ? "*" : Hash(address);
  if (at != std::string_view::npos) room.append(address.substr(at));
  return room;
}

std::string_view AddressVeil::Text(std::string_view text, bool hide, std::string& room) {
  std::size_t at = text.find('@');
  if (at == std::string_view::npos) return text;
  room.clear();
  std::size_t done = 0;
  for (; at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at < done) continue;
    const std::size_t begin = std::max(BehindKey(text, LocalBegin(text, at), at), done);
    std::size_t end = at + 1;
    while (end < text.size() && IsDomainByte(text[end])) ++end;
    while (end > at + 1 && text[end - 1] == '.') --end;
    if (begin == at || end == at + 1) continue;
    room.append(text.substr(done, begin - done));
    room += hide ? "*" : Hash(text.substr(begin, end - begin));
    done = at;
  }
  room.append(text.substr(done));
  return room;
}

DeliveryEvent AddressVeil::Veiled(const DeliveryEvent& event) {
  DeliveryEvent veiled = event;
  if (mode_ == Mode::kFull) return veiled;
  TurnKey(event.time);
  const bool hide = mode_ == Mode::kHidden;
  veiled.recipient = Address(event.recipient, rooms_[0]);
  veiled.reply.text = Text(event.reply.text, hide, rooms_[1]);
  veiled.message.sender = Address(event.message.sender, rooms_[2]);
  veiled.message.account = Word(event.message.account, rooms_[3]);
  veiled.message.message_id = Word(event.message.message_id, rooms_[4]);
  return veiled;
}

std::string_view AddressVeil::VeiledLine(std::string_view line) {
  return mode_ == Mode::kFull ? line : Text(line, true, rooms_[5]);
}

Result<AddressVeil> MakeAddressVeil(std::string_view mode, const std::string& key_file) {
  if (mode == "full") return AddressVeil(AddressVeil::Mode::kFull);
  if (mode == "hidden") return AddressVeil(AddressVeil::Mode::kHidden);
  std::string key(32, '\0');
  if (key_file.empty()) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1)
      return Error{"no random bytes for a key; name a file that holds one by --hash-key"};
    return AddressVeil(AddressVeil::Mode::kHashed, std::move(key));
  }
  Result<std::string> read = ReadSmallFile(key_file, kMostKey);
  if (!read) return read.error();
  if (read->size() < kLeastKey) {
    return Error{key_file +
                 ": a key of less than 16 bytes can be guessed; make one by `head -c 32 "
                 "/dev/urandom >FILE`"};
  }
  return AddressVeil(AddressVeil::Mode::kHashed, std::move(*read));
}

}  // namespace bouncesight
