// A line as it is lent to who reads it: whoever looks at it later, or behind its end, is found.
//
// Under the address sanitizer the line is a copy in memory of its own, which ends with the line and
// is given back when this goes: a view that outlives its line is a use after free in every test
// that reads lines by a LineSplitter, whatever the source. Elsewhere it is the view itself, and
// costs nothing. What a view may point into, the headers say (line_splitter.h, pump.h).
#pragma once

#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#if defined(__SANITIZE_ADDRESS__)
#define BOUNCESIGHT_LENDS_COPIES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BOUNCESIGHT_LENDS_COPIES 1
#endif
#endif

namespace bouncesight {

#ifdef BOUNCESIGHT_LENDS_COPIES

inline constexpr bool kLendsCopies = true;

class LentLine {
 public:
  // Not by operator new, which tests count.
  explicit LentLine(std::string_view text)
      : copy_(static_cast<char*>(std::malloc(text.size()))), size_(text.size()) {
    if (text.empty()) return;
    if (copy_ == nullptr) throw std::bad_alloc();
    std::memcpy(copy_, text.data(), size_);
  }
  ~LentLine() { std::free(copy_); }
  LentLine(const LentLine&) = delete;
  LentLine& operator=(const LentLine&) = delete;

  std::string_view text() const { return {copy_, size_}; }

 private:
  char* copy_;
  std::size_t size_;
};

#else

inline constexpr bool kLendsCopies = false;

class LentLine {
 public:
  explicit LentLine(std::string_view text) : text_(text) {}
  LentLine(const LentLine&) = delete;
  LentLine& operator=(const LentLine&) = delete;

  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

#endif

}  // namespace bouncesight
