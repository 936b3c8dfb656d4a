#include "rules/pattern_width.h"

#include <algorithm>
#include <charconv>

namespace bouncesight {
namespace {

constexpr int kDeepestGroup = 20;
constexpr unsigned kMostRepeats = 50;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c);
}

// Byte by byte, as Hyperscan reads it without its UTF8 flag.
class WidthReader {
 public:
  explicit WidthReader(std::string_view pattern) : rest_(pattern), size_(pattern.size()) {}

  std::optional<unsigned> Run() {
    const unsigned width = Choice();
    if (!known_ || !rest_.empty()) return std::nullopt;
    return width;
  }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  unsigned Unknown() {
    known_ = false;
    rest_ = {};
    return 0;
  }

  // An edge among other things may ask for a byte more ('spam.*\bspf'), or be refused.
  unsigned AtStart(std::size_t read) { return rest_.size() + read == size_ ? 0 : Unknown(); }
  unsigned AtEnd() { return rest_.empty() ? 0 : Unknown(); }

  unsigned Choice() {
    unsigned least = Sequence();
    while (Take('|')) least = std::min(least, Sequence());
    return least;
  }

  unsigned Sequence() {
    unsigned width = 0;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      repeatable_ = true;
      const unsigned atom = Atom();
      width += atom * LeastRepeats();
    }
    return width;
  }

  unsigned Atom() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case '(':
        return Group();
      case '[':
        return Class();
      case '\\':
        return Escape();
      case '^':
      case '$':
        repeatable_ = false;
        return c == '^' ? AtStart(1) : AtEnd();
      case '?':
      case '*':
      case '+':
      case '{':
        return Unknown();
      default:
        return 1;
    }
  }

  unsigned Group() {
    if (Take('?') && !Take(':')) return Unknown();
    if (++depth_ > kDeepestGroup) return Unknown();
    const unsigned width = Choice();
    --depth_;
    repeatable_ = width > 0;
    return Take(')') ? width : Unknown();
  }

  unsigned Escape() {
    if (rest_.empty()) return Unknown();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == 'b') {
      repeatable_ = false;
      return rest_.empty() ? 0 : AtStart(2);
    }
    const bool kind = std::string_view("dDsSwW").find(c) != std::string_view::npos;
    return IsAlphanumeric(c) && !kind ? Unknown() : 1;
  }

  // Plain members and ranges between letters or digits.
  unsigned Class() {
    Take('^');
    const std::size_t close = rest_.find(']');
    if (close == 0 || close == std::string_view::npos) return Unknown();
    const std::string_view members = rest_.substr(0, close);
    if (members.find_first_of("[\\") != std::string_view::npos) return Unknown();
    for (std::size_t at = 0; at < members.size(); ++at) {
      if (members[at] != '-' || at == 0 || at + 1 == members.size()) continue;
      const char from = members[at - 1];
      const char to = members[at + 1];
      if (!IsAlphanumeric(from) || !IsAlphanumeric(to) || from > to) return Unknown();
    }
    rest_.remove_prefix(close + 1);
    return 1;
  }

  unsigned LeastRepeats() {
    unsigned least = 1;
    if (Take('?') || Take('*')) {
      least = 0;
    } else if (Take('{')) {
      least = Braces();
    } else if (!Take('+')) {
      return 1;
    }
    if (!repeatable_) return Unknown();
    Take('?');  // lazy: the same texts
    const bool again =
        !rest_.empty() && std::string_view("?*+{").find(rest_.front()) != std::string_view::npos;
    return again ? Unknown() : least;
  }

  // After the brace: "3}", "3,}", "3,5}".
  unsigned Braces() {
    const unsigned least = Number();
    unsigned most = least;
    if (Take(',')) most = !rest_.empty() && rest_.front() == '}' ? kMostRepeats : Number();
    const bool sound = Take('}') && least <= most && most > 0 && most <= kMostRepeats;
    return sound ? least : Unknown();
  }

  unsigned Number() {
    unsigned number = 0;
    const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (read.ec != std::errc()) return Unknown();
    rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
    return number;
  }

  std::string_view rest_;
  std::size_t size_;
  int depth_ = 0;
  bool known_ = true;
  bool repeatable_ = true;  // the last atom
};

}  // namespace

std::optional<unsigned> PatternWidth(std::string_view expression) {
  return WidthReader(expression).Run();
}

}  // namespace bouncesight
