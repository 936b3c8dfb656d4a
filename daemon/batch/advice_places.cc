#include "daemon/batch/advice_places.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "parsers/text/ascii.h"
#include "rules/text_tokens.h"

namespace bouncesight {
namespace {

bool IsOfAHost(char c) { return IsAlnum(c) || c == '.' || c == '-' || c == ':'; }

bool IsPlainHost(std::string_view host) {
  constexpr std::size_t kLongest = 255;  // RFC 1035 section 2.3.4
  return !host.empty() && host.size() <= kLongest && IsAlnum(host.front()) &&
         std::ranges::all_of(host, IsOfAHost);
}

bool IsOfAName(char c) { return IsAlnum(c) || c == '.' || c == '-' || c == '_'; }

// Not within a longer name, as "example.com" is in "mx.example.com". A selector may stand before.
bool StandsAlone(std::string_view text, std::size_t at, std::size_t size) {
  constexpr std::string_view kSelector = "_domainkey.";
  const bool begins =
      at == 0 || !IsOfAHost(text[at - 1]) || text.substr(0, at).ends_with(kSelector);
  const char after = at + size < text.size() ? text[at + size] : ' ';
  return begins && !IsAlnum(after) && after != '-';
}

struct Place {
  std::string_view example, name;
};

// In one pass, for a name may be another one's example.
std::string Named(std::string_view text, std::span<const Place> places) {
  std::string named;
  for (std::size_t at = 0; at < text.size();) {
    const auto place = std::ranges::find_if(places, [text, at](const Place& one) {
      return IsPlainHost(one.name) && text.substr(at).starts_with(one.example) &&
             StandsAlone(text, at, one.example.size());
    });
    if (place == places.end()) {
      named += text[at++];
    } else {
      named += place->name;
      at += place->example.size();
    }
  }
  return named;
}

}  // namespace

void NamePlaces(const AdvicePlaces& places, Advice& advice) {
  const Place all[] = {{"mx.example.com", places.host},
                       {"example.com", places.recipient_domain},
                       {"example.org", places.sender_domain}};
  for (AdviceText* const text : {&advice.en, &advice.zh}) {
    for (std::string& step : text->steps) step = Named(step, all);
  }
}

std::string_view FirstHostIn(std::string_view text) {
  bool of_an_address = false;
  while (!text.empty()) {
    std::size_t end = 0;
    while (end < text.size() && IsOfAName(text[end])) ++end;
    std::string_view run = text.substr(0, end);
    const char after = end < text.size() ? text[end] : ' ';
    text.remove_prefix(end == 0 ? 1 : end);
    while (run.ends_with('.')) run.remove_suffix(1);
    if (!of_an_address && after != '@' && !run.empty() && HostLength(run) == run.size()) return run;
    of_an_address = end == 0 ? after == '@' : false;
  }
  return {};
}

}  // namespace bouncesight
