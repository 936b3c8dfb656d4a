// Advice names its places by examples: mx.example.com is the receiving host, example.com the
// recipient's domain, example.org the sender's (rules/advice.yaml). Who has the reply at hand
// should not have to translate.
#pragma once

#include <string_view>

#include "rules/advice.h"

namespace bouncesight {

// Empty: not known, and the example stays.
struct AdvicePlaces {
  std::string_view host;
  std::string_view recipient_domain;
  std::string_view sender_domain;
};

// Puts `places` into every text of `advice`. What is no plain host name or address literal is left
// out: the steps hold commands.
void NamePlaces(const AdvicePlaces& places, Advice& advice);

// The first host name in `text`; empty: it holds none.
std::string_view FirstHostIn(std::string_view text);

}  // namespace bouncesight
