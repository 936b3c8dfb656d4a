#include "parsers/text/recode.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <iconv.h>

#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// What a name promises, and what is sent under it.
struct Widened {
  std::string_view name;
  std::string_view really;
};
constexpr Widened kWidened[] = {
    {"gb2312", "GB18030"},          {"gbk", "GB18030"},          {"big5", "BIG5-HKSCS"},
    {"iso-8859-1", "WINDOWS-1252"}, {"us-ascii", "UTF-8"},       {"latin1", "WINDOWS-1252"},
    {"shift_jis", "CP932"},         {"ks_c_5601-1987", "CP949"}, {"euc-kr", "CP949"},
};

std::string RealName(std::string_view charset) {
  for (const Widened& row : kWidened) {
    if (SameNoCase(charset, row.name)) {
      return std::string(row.really);
    }
  }
  return std::string(charset);
}

class Converter {
 public:
  explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
  ~Converter() {
    if (good()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own way to say that it failed
  bool good() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  std::string Convert(std::string_view bytes) {
    std::string out;
    std::array<char, 4096> room{};
    char* in = const_cast<char*>(bytes.data());  // iconv does not write there
    std::size_t left = bytes.size();
    while (left > 0) {
      char* at = room.data();
      std::size_t free = room.size();
      const bool failed = iconv(handle_, &in, &left, &at, &free) == static_cast<std::size_t>(-1);
      const int why = errno;
      out.append(room.data(), static_cast<std::size_t>(at - room.data()));
      if (!failed || why == E2BIG) continue;
      out += "\xEF\xBF\xBD";
      if (left == 0) break;
      ++in;
      --left;
    }
    return out;
  }

 private:
  iconv_t handle_;
};

}  // namespace

std::optional<std::string> Recode(std::string_view bytes, std::string_view charset) {
  // "//TRANSLIT" and the like are the C library's own words, no names.
  const bool name = std::ranges::all_of(
      charset, [](char c) { return IsAlnum(c) || c == '-' || c == '_' || c == '.' || c == ':'; });
  if (charset.empty() || !name) return std::nullopt;
  Converter converter(RealName(charset));
  if (!converter.good()) return std::nullopt;
  return converter.Convert(bytes);
}

}  // namespace bouncesight
