#include "rules/listed_address.h"

#include <algorithm>
#include <array>

#include "parsers/text/ascii.h"
#include "rules/text_tokens.h"

namespace bouncesight {
namespace {

constexpr std::size_t kBefore = 32;  // bytes of context that are looked at
constexpr std::size_t kAfter = 48;

// A few bytes of context in lower case.
class Context {
 public:
  explicit Context(std::string_view text) : size_(std::min(text.size(), bytes_.size())) {
    for (std::size_t i = 0; i < size_; ++i) bytes_[i] = text[i] == '_' ? ' ' : ToLower(text[i]);
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 64> bytes_{};
  std::size_t size_;
};

// Looks at the starts of words only.
template <std::size_t n>
bool HoldsAny(std::string_view text, const std::array<std::string_view, n>& words) {
  char last = ' ';
  for (std::size_t at = 0; at < text.size(); last = text[at++]) {
    if (ByteClass(last) == kLetter || ByteClass(text[at]) != kLetter) continue;
    for (const std::string_view word : words) {
      if (word.front() == text[at] && text.substr(at, word.size()) == word) return true;
    }
  }
  return false;
}

template <std::size_t n>
bool EndsWithAny(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.ends_with(word); });
}

constexpr auto kVerdicts = std::to_array<std::string_view>(
    {"block",        "black",          "list",           "reject",
     "refuse",       "banned",         "denied",         "not allowed",
     "not accepted", "weren't sent",   "wasn't sent",    "were not sent",
     "found in",     "found on",       "is in ",         "is on ",
     "rbl",          "dnsrbl",         "dnsbl",          "not permitted",
     "be accepted",  "bad reputation", "poor reputation"});
// Right before an address: it is the sender's.
constexpr auto kSubjects = std::to_array<std::string_view>(
    {"client", "host",   "ip",    "address",  "from",    "sender", "blocked",
     "listed", "banned", "your",  "rejected", "refused", "bl",     "org",
     "net",    "com",    "entry", "list",     "adresse", "地址"});
// Right before an address: it is the speaker's, or a third party's.
constexpr auto kOthers = std::to_array<std::string_view>(
    {" by",    " by host",   " by server", "contact",   " at",      " via",    " to",
     "server", "our server", "our ip",     "gateway",   "helo",     "ehlo",    "helo=",
     "ehlo=",  "mx",         "reached",    "example",   "resolver", "such as", "relay",
     "call",   "through",    "nameserver", "this host", "our host", "our mx"});

// The words right before `at`, without what opens a bracket.
std::string_view Before(std::string_view reply, std::size_t at) {
  const std::size_t start = at < kBefore ? 0 : at - kBefore;
  std::string_view before = reply.substr(start, at - start);
  while (!before.empty() &&
         std::string_view(" [(<\"'").find(before.back()) != std::string_view::npos) {
    before.remove_suffix(1);
  }
  if (before.size() >= 5 && Context(before.substr(before.size() - 5)).view() == "ipv6:") {
    before.remove_suffix(5);
    while (!before.empty() && (before.back() == '[' || before.back() == ' ')) {
      before.remove_suffix(1);
    }
  }
  return before;
}

// The words right after `at`, without what closes a bracket and without a port, up to the end of
// the sentence.
std::string_view After(std::string_view reply, std::size_t at) {
  while (at < reply.size() &&
         std::string_view("])>\"' ,").find(reply[at]) != std::string_view::npos) {
    ++at;
  }
  if (at + 1 < reply.size() && reply[at] == ':' && ByteClass(reply[at + 1]) == kDigit) {
    for (++at; at < reply.size() && ByteClass(reply[at]) == kDigit;) ++at;
  }
  std::string_view after = reply.substr(at, kAfter);
  for (std::size_t i = 0; i < after.size(); ++i) {
    const bool full_stop = after[i] == '.' && (i + 1 == after.size() || after[i + 1] == ' ');
    const bool address = ByteClass(after[i]) == kDigit && Ipv4Length(reply.substr(at + i)) != 0;
    if (full_stop || after[i] == ';' || address) return after.substr(0, i);
  }
  return after;
}

// In a URL: behind its host, as in "?ip=192.0.2.1" or "/query/192.0.2.1".
bool InUrl(std::string_view reply, std::size_t at) {
  constexpr std::size_t kLongest = 200;  // a reply may be one run, an address at each fifth byte
  std::size_t start = at;
  while (start > 0 && at - start < kLongest &&
         (ByteClass(reply[start - 1]) & (kBlank | kHigh)) == 0 &&
         std::string_view("<>\"'()").find(reply[start - 1]) == std::string_view::npos) {
    --start;
  }
  const std::string_view head = reply.substr(start, at - start);
  const std::size_t scheme = head.find("://");
  const std::size_t slash = head.find_first_of("/?", scheme == head.npos ? 0 : scheme + 3);
  if (slash == std::string_view::npos || slash == 0) return false;
  return scheme != std::string_view::npos || head.find('.') < slash;
}

// How surely the reply calls the address at [at, end) listed; 0: not at all.
int Score(std::string_view reply, std::size_t at, std::size_t end) {
  if (InUrl(reply, at)) return 3;
  if (at >= 3 && reply.substr(at - 3, 3) == "://") return 0;
  const Context before(Before(reply, at));
  const std::string_view tail = After(reply, end);
  const Context after(tail);
  const bool verdict = HoldsAny(after.view(), kVerdicts);
  std::string_view lead = before.view();
  while (!lead.empty() && std::string_view(" =:;-").find(lead.back()) != std::string_view::npos) {
    lead.remove_suffix(1);
  }
  const bool subject = EndsWithAny(lead, kSubjects);
  if (after.view().starts_with(": ") || after.view() == ":") {
    const std::string_view said = after.view().substr(std::min<std::size_t>(2, tail.size()));
    const bool of_it =
        said.starts_with("listed") || said.starts_with("black") || said.starts_with("is ");
    return verdict && (of_it || subject) ? 4 : 0;
  }
  if (EndsWithAny(before.view(), kOthers)) {
    const bool stated = after.view().starts_with("is ") || after.view().starts_with("was ") ||
                        after.view().starts_with("has ") || after.view().starts_with("listed");
    return verdict && stated ? 4 : 0;
  }
  if (verdict) return subject ? 5 : 4;
  return subject ? 2 : 0;
}

// Loopback stands for a list's answer, 0.0.0.0 for nothing.
bool IsListable(std::string_view address) {
  return !address.starts_with("127.") && !address.starts_with("0.");
}

constexpr auto kListLabels = std::to_array<std::string_view>(
    {"dnsbl", "rbl", "bl",       "dnsrbl",   "blacklist", "blocklist", "rhsbl",
     "uribl", "dbl", "ubl",      "drbl",     "dul",       "xbl",       "sbl",
     "pbl",   "zen", "spamlist", "denylist", "blackhole", "blackholes"});
constexpr auto kLeads = std::to_array<std::string_view>(
    {"blocked using", "rejected using", "listed in",      "listed at",       "listed by",
     "listed on",     "blacklisted by", "blacklisted at", "blacklisted in",  "black list at",
     "blacklist at",  "blocklist at",   "found in",       "found on",        "rbl at",
     "rbl provider",  "list provider",  "dnsbl at",       "black listed at", "black listed by",
     "block list at", "is in",          "is on"});

// "dnsbl.example.net", "bl-1.example.org".
bool HasListLabel(std::string_view host) {
  while (!host.empty()) {
    const std::size_t dot = host.find('.');
    const Context label(host.substr(0, dot));
    for (const std::string_view word : kListLabels) {
      if (label.view() == word ||
          (label.view().starts_with(word) && (label.view()[word.size()] == '-'))) {
        return true;
      }
    }
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  return false;
}

// The dotted name at the start of `text`, trimmed; empty: none.
std::string_view DottedName(std::string_view text) {
  std::size_t end = 0;
  bool letter = false;
  while (end < text.size() && (ByteClass(text[end]) & kRun) != 0) {
    letter |= ByteClass(text[end++]) == kLetter;
  }
  std::string_view name = text.substr(0, end);
  while (!name.empty() && (name.back() == '.' || name.back() == '-')) name.remove_suffix(1);
  const bool dotted = name.find('.') != std::string_view::npos && name.front() != '.';
  if (!letter || !dotted || name.size() > 253) return {};
  if (const std::size_t host = HostLength(name); host != 0) return name.substr(0, host);
  return name;
}

}  // namespace

std::string_view FindListedAddress(std::string_view reply, std::string_view relay_ip) {
  std::string_view best;
  int best_score = 0;
  bool inside = false;  // of a word that did not start with an address
  for (std::size_t at = 0; at < reply.size(); ++at) {
    const std::uint8_t kind = ByteClass(reply[at]);
    if ((kind & (kLetter | kDigit)) == 0 && reply[at] != ':') {
      inside = kind == kDot || kind == kHyphen;
      continue;
    }
    if (reply[at] == ':' && (at + 1 == reply.size() || reply[at + 1] != ':')) {
      inside = false;
      continue;
    }
    if (inside) continue;
    std::size_t length = kind == kDigit ? Ipv4Length(reply.substr(at)) : 0;
    const bool zone = length != 0 && at + length + 1 < reply.size() && reply[at + length] == '.' &&
                      ByteClass(reply[at + length + 1]) == kLetter;
    if (length == 0) length = Ipv6Length(reply.substr(at));
    if (length == 0) {
      inside = reply[at] != ':';
      continue;
    }
    const std::string_view address = reply.substr(at, length);
    const int score =
        !zone && IsListable(address) && address != relay_ip ? Score(reply, at, at + length) : 0;
    if (score > best_score) {
      best = address;
      best_score = score;
    }
    at += length - 1;
  }
  return best;
}

std::string_view FindListZone(std::string_view reply) {
  std::string_view named;
  for (std::size_t at = 0; at < reply.size(); ++at) {
    if ((ByteClass(reply[at]) & (kLetter | kDigit)) == 0) continue;
    const std::string_view name = DottedName(reply.substr(at));
    if (!name.empty() && (at == 0 || reply[at - 1] != '@')) {
      if (HasListLabel(name)) return name;
      std::size_t start = at;
      for (const std::string_view scheme : {"www.", "https://", "http://"}) {
        if (start >= scheme.size() &&
            reply.substr(start - scheme.size(), scheme.size()) == scheme) {
          start -= scheme.size();
        }
      }
      const Context before(Before(reply, start));
      if (named.empty() && EndsWithAny(before.view(), kLeads)) named = name;
    }
    while (at + 1 < reply.size() && (ByteClass(reply[at + 1]) & kRun) != 0) ++at;
  }
  return named;
}

}  // namespace bouncesight
