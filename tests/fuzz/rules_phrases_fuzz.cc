// The table of phrases finds what a naive search finds. And a pattern of any bytes is taken apart,
// or refused in one line.
#include <set>
#include <string>

#include "rules/phrase_table.h"
#include "rules/rule_lint.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

namespace {

using namespace bouncesight;

std::string_view Part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\xfe'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Phrase PhraseOf(std::string_view words) {
  Phrase phrase;
  for (const char c : words) {
    phrase.push_back({PhraseItem::Kind::kByte, static_cast<std::uint8_t>(Lower(c))});
  }
  return phrase;
}

void CheckPattern(std::string_view pattern) {
  const LintedPattern linted = LintPattern(pattern);
  Require(linted.fault.find('\n') == std::string::npos, "a fault is one line");
}

}  // namespace

// A pattern, up to eight phrases and a text, between 0xFE bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint32_t kMost = 8;
  std::string_view rest = fuzz::Text(data, size);
  CheckPattern(Part(rest));
  const std::string_view text = Part(rest);
  FoldedText folded;
  folded.Fold(text);
  PhraseTable table;
  std::set<std::uint32_t> expected;
  for (std::uint32_t id = 0; id < kMost && !rest.empty(); ++id) {
    const Phrase phrase = PhraseOf(Part(rest));
    if (!table.Add(phrase, id, true)) continue;
    std::string words;
    for (const PhraseItem& item : phrase) words += static_cast<char>(item.value);
    if (folded.view().find(words) != std::string_view::npos) expected.insert(id);
  }
  table.Build();
  std::set<std::uint32_t> found;
  table.Find(folded, [&found](std::uint32_t id, bool /*sure*/) { found.insert(id); });
  Require(found == expected, "what a naive search finds");
  return 0;
}
