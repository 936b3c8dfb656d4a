#include "rules/pattern_span.h"

#include <array>
#include <memory>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace bouncesight {
namespace {

struct Free {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

PCRE2_SPTR BytesOf(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

std::optional<std::pair<std::size_t, std::size_t>> FindSpan(std::string_view expression,
                                                            std::string_view text) {
  constexpr std::uint32_t kOptions = PCRE2_CASELESS | PCRE2_MULTILINE | PCRE2_NO_AUTO_POSSESS;
  int error = 0;
  PCRE2_SIZE place = 0;
  const std::unique_ptr<pcre2_code, Free> code(
      pcre2_compile(BytesOf(expression), expression.size(), kOptions, &error, &place, nullptr));
  const std::unique_ptr<pcre2_match_data, Free> data(pcre2_match_data_create(1, nullptr));
  if (code == nullptr || data == nullptr) return std::nullopt;
  // This way of matching follows all at once: its time has no exponent, and its first answer is the
  // longest.
  std::array<int, 4096> space{};
  const int found = pcre2_dfa_match(code.get(), BytesOf(text), text.size(), 0, 0, data.get(),
                                    nullptr, space.data(), space.size());
  if (found < 0) return std::nullopt;  // 0: more matches than the one that there is room for
  const PCRE2_SIZE* span = pcre2_get_ovector_pointer(data.get());
  return std::make_pair(span[0], span[1]);
}

}  // namespace bouncesight
