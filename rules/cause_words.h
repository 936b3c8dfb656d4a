// What people call a cause, a family and a provider where the answer is not in English. The names
// themselves stay the keys: they are label values and JSON.
#pragma once

#include <string>
#include <string_view>

#include "rules/advice.h"

namespace bouncesight {

// The Chinese words for a built-in cause, family or provider; empty in English and for names that
// have none, such as an operator's own or a brand. The views are constant data.
std::string_view CauseWords(std::string_view cause, Language language);
std::string_view FamilyWords(std::string_view family, Language language);
std::string_view ProviderWords(std::string_view provider, Language language);

// "mailbox_full 邮箱已满"; `name` alone without words.
std::string WithWords(std::string_view name, std::string_view words);

}  // namespace bouncesight
