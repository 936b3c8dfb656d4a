#include "daemon/web/basic_auth.h"

#include <memory>
#include <random>
#include <utility>
#include <vector>

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <strings.h>

namespace bouncesight {
namespace {

constexpr std::size_t kMaxHeader = 1024;

struct Credentials {
  std::string user, password;
};

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

// "Basic dXNlcjpwYXNzd29yZA=="
std::optional<Credentials> Parse(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (authorization.size() > kMaxHeader || authorization.size() < kScheme.size() ||
      ::strncasecmp(authorization.data(), kScheme.data(), kScheme.size()) != 0) {
    return std::nullopt;
  }
  authorization.remove_prefix(kScheme.size());
  auto text = DecodeBase64(authorization);
  if (!text) return std::nullopt;
  const std::size_t colon = text->find(':');
  // crypt() would see the password up to a NUL only.
  if (colon == std::string::npos || text->find('\0') != std::string::npos) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

bool SameText(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool MatchesBcrypt(const std::string& password, const std::string& hash) {
  const auto data = std::make_unique<crypt_data>();
  const char* made = ::crypt_r(password.c_str(), hash.c_str(), data.get());
  const bool good = made != nullptr && SameText(made, hash);
  OPENSSL_cleanse(data.get(), sizeof *data);
  return good;
}

// The hash to compare with: that of the user, or any for a user who is not there.
std::pair<const std::string*, bool> HashOf(const BasicAuth::Users& users, const std::string& user) {
  const auto found = users.find(user);
  return found == users.end() ? std::pair{&users.begin()->second, false}
                              : std::pair{&found->second, true};
}

}  // namespace

BasicAuth::BasicAuth() {
  std::random_device random;
  for (unsigned char& byte : key_) byte = static_cast<unsigned char>(random());
}

BasicAuth::Digest BasicAuth::DigestOf(std::string_view hash, std::string_view authorization) const {
  std::string text(hash);
  text += '\0';
  text += authorization;
  Digest digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  OPENSSL_cleanse(text.data(), text.size());
  return digest;
}

std::optional<bool> BasicAuth::Recall(const Users& users, std::string_view authorization) {
  if (users.empty()) return true;
  const auto given = Parse(authorization);
  if (!given) return false;
  const Digest digest = DigestOf(*HashOf(users, given->user).first, authorization);
  const MutexLock lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.used && CRYPTO_memcmp(entry.digest.data(), digest.data(), digest.size()) == 0) {
      return entry.good;
    }
  }
  return std::nullopt;
}

bool BasicAuth::Check(const Users& users, std::string_view authorization) {
  if (const auto known = Recall(users, authorization)) return *known;
  const auto given = Parse(authorization);
  const auto [hash, exists] = HashOf(users, given->user);
  const bool good = MatchesBcrypt(given->password, *hash) && exists;
  Remember(DigestOf(*hash, authorization), good);
  return good;
}

// Bad guesses take the place of older guesses only, so nobody can push a scraper out.
void BasicAuth::Remember(const Digest& digest, bool good) {
  const MutexLock lock(mutex_);
  constexpr std::size_t kHalf = kRemembered / 2;
  std::size_t& next = next_[good ? 0 : 1];
  entries_[(good ? 0 : kHalf) + next] = {digest, good, true};
  next = (next + 1) % kHalf;
}

}  // namespace bouncesight
