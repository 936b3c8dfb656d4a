#include "rules/pattern_expand.h"

#include <iterator>
#include <unordered_set>
#include <utility>

namespace bouncesight {
namespace {

using Phrases = std::vector<std::string>;

constexpr std::string_view kSpecial = "\\^$.|?*+()[]{}";
constexpr std::size_t kMostClassMembers = 8;
constexpr int kDeepestGroup = 20;

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Bytes, as Hyperscan sees them without its UTF8 flag.
class Expander {
 public:
  Expander(std::string_view pattern, bool outline) : pattern_(pattern), outline_(outline) {}

  Phrases Run() {
    Phrases phrases;
    do {
      const std::size_t start = at_;
      finite_ = true;
      Phrases branch = Sequence();
      if (!finite_) branch = {std::string(pattern_.substr(start, at_ - start))};
      Append(std::move(branch), phrases);
    } while (sound_ && Take('|'));
    if (at_ < pattern_.size()) sound_ = false;
    if (!sound_) return {std::string(pattern_)};
    return WithoutDuplicates(std::move(phrases));
  }

  bool sound() const { return sound_; }
  bool exact() const { return exact_; }

 private:
  char Peek() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }
  bool AtEnd() const { return !sound_ || at_ >= pattern_.size(); }

  bool Take(char c) {
    if (AtEnd() || pattern_[at_] != c) return false;
    ++at_;
    return true;
  }

  // What is not finite: a gap in an outline, else the end of writing out.
  Phrases Open(bool exact = false) {
    exact_ = exact_ && exact;
    finite_ = outline_ && finite_;
    return outline_ ? Phrases{".*"} : Phrases();
  }

  // What a `.` begins: a gap, or in an outline ".{20}" as it stands.
  Phrases Any() {
    if (!outline_) return Open();
    if (Take('*')) return Open(true);
    const std::string_view rest = pattern_.substr(at_);
    const std::size_t digits = rest.find_first_not_of("0123456789", 1);
    const std::size_t close = rest.find('}');
    if (!rest.starts_with('{') || rest.starts_with("{0") || digits == 1 || digits > 3 ||
        close == std::string_view::npos) {
      return Open();
    }
    at_ += close + 1;
    return {"." + std::string(rest.substr(0, digits)) + "}"};
  }

  Phrases Choice() {
    Phrases phrases;
    do {
      Append(Sequence(), phrases);
    } while (Take('|'));
    return phrases;
  }

  Phrases Sequence() {
    Phrases phrases = {""};
    while (!AtEnd() && Peek() != '|' && Peek() != ')') {
      Phrases atom = Atom();
      ReadQuantifier(atom);
      // What is kept in one piece needs no phrases, only its end.
      if (finite_) phrases = Product(phrases, atom);
    }
    return phrases;
  }

  Phrases Atom() {
    const char c = pattern_[at_++];
    switch (c) {
      case '(':
        return Group();
      case '[':
        return Class();
      case '\\':
        return Escape();
      case '.':
        return Any();
      case '*':
      case '+':
      case '?':
      case '{':  // a quantifier of nothing: a mistake, or a brace that ought to be escaped
        sound_ = false;
        return {};
      default:
        return {std::string(1, c)};
    }
  }

  Phrases Group() {
    if (Take('?') && !Take(':')) sound_ = false;  // flags and the like
    if (++depth_ > kDeepestGroup) sound_ = false;
    Phrases phrases = sound_ ? Choice() : Phrases();
    --depth_;
    if (!Take(')')) sound_ = false;
    return phrases;
  }

  Phrases Escape() {
    if (AtEnd()) {
      sound_ = false;
      return {};
    }
    const char c = pattern_[at_++];
    if (c == 'Q' || c == 'c') sound_ = false;  // what follows reads otherwise
    if (!IsAlphanumeric(c) || c == 'b') return {std::string({'\\', c})};
    if (outline_ && std::string_view("dDsSwW").find(c) == std::string_view::npos) sound_ = false;
    return Open();
  }

  Phrases Class() {
    const std::size_t start = at_;
    bool listed = Peek() != '^' && Peek() != ']';
    if (!listed) ++at_;
    if (pattern_.substr(start).starts_with("^]")) ++at_;
    for (; !AtEnd() && Peek() != ']'; ++at_) {
      listed = listed && Peek() != '-' && Peek() != '\\';
      if (Peek() == '\\') ++at_;
      if (Peek() == '[') sound_ = false;  // [[:alpha:]]
    }
    if (AtEnd()) {
      sound_ = false;
      return {};
    }
    const std::string_view members = pattern_.substr(start, at_++ - start);
    if (!listed || members.size() > kMostClassMembers) return Open();
    Phrases phrases;
    for (const char c : members) {
      phrases.emplace_back();
      if (kSpecial.find(c) != std::string_view::npos) phrases.back() += '\\';
      phrases.back() += c;
    }
    return phrases;
  }

  void ReadQuantifier(Phrases& atom) {
    if (Take('?')) atom.emplace_back();
    while (!AtEnd() && std::string_view("?*+{").find(Peek()) != std::string_view::npos) {
      atom = Open();
      if (pattern_[at_++] != '{') continue;
      while (!AtEnd() && pattern_[at_] != '}') ++at_;
      if (!Take('}')) sound_ = false;
    }
  }

  Phrases Product(const Phrases& left, const Phrases& right) {
    Phrases both;
    if (left.size() * right.size() > kMostPhrases) {
      // What is too much to write out is a gap to an outline: it tells where to look, not what is.
      if (outline_ && left.size() <= kMostPhrases) {
        const Phrases gap = Open();
        return Product(left, gap);
      }
      sound_ = false;
      return both;
    }
    both.reserve(left.size() * right.size());
    for (const std::string& begin : left) {
      for (const std::string& end : right) both.push_back(begin + end);
    }
    return both;
  }

  void Append(Phrases&& more, Phrases& phrases) {
    if (phrases.size() + more.size() > kMostPhrases) sound_ = false;
    std::move(more.begin(), more.end(), std::back_inserter(phrases));
  }

  static Phrases WithoutDuplicates(Phrases phrases) {
    std::unordered_set<std::string> seen;
    std::erase_if(phrases, [&](const std::string& phrase) { return !seen.insert(phrase).second; });
    return phrases;
  }

  std::string_view pattern_;
  bool outline_;
  bool exact_ = true;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool finite_ = true;  // so far, the alternative of the whole pattern that is being read
  bool sound_ = true;   // well-formed, and within the limits
};

}  // namespace

std::vector<std::string> ExpandPattern(std::string_view expression) {
  return Expander(expression, false).Run();
}

namespace {

// A margin counts at the ends of a phrase; elsewhere it is a gap, and not exact.
bool DropInnerMargins(std::string& phrase) {
  bool dropped = false;
  for (std::size_t at = phrase.find(".{", 1); at < phrase.size(); at = phrase.find(".{", at + 1)) {
    const std::size_t size = phrase.find('}', at) + 1 - at;
    if (at + size == phrase.size()) break;
    phrase.replace(at, size, ".*");
    dropped = true;
  }
  return dropped;
}

}  // namespace

PatternOutline OutlinePattern(std::string_view expression) {
  Expander expander(expression, true);
  PatternOutline outline;
  outline.phrases = expander.Run();
  outline.exact = expander.exact();
  for (std::string& phrase : outline.phrases)
    outline.exact = !DropInnerMargins(phrase) && outline.exact;
  if (!expander.sound()) outline.phrases.clear();
  return outline;
}

}  // namespace bouncesight
