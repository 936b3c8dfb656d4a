#include "metrics/template_miner.h"

#include <algorithm>
#include <cstddef>

#include "metrics/label.h"
#include "parsers/text/ascii.h"
#include "parsers/text/text.h"
#include "parsers/text/unseen.h"
#include "parsers/text/utf8.h"
#include "rules/reply_text.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMaxTemplateBytes = 200;
constexpr std::size_t kMaxExampleBytes = 300;
constexpr std::string_view kNumber = "{num}";
constexpr std::string_view kMasks[] = {"{addr}", "{url}", "{ip}", "{host}", "{id}"};

// Cut to `limit` bytes, at a blank if one is near, so that no mask and no character is torn.
std::string_view Cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  const std::size_t blank = text.rfind(' ', limit);
  if (blank != std::string_view::npos && blank > limit / 2) return text.substr(0, blank);
  return CutUtf8(text, limit);
}

// One printable line.
std::string Printable(std::string_view text) {
  std::string line = ToUtf8(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  return line;
}

// The template as a rule's pattern: masks stay, numbers become digits, the rest stands for itself.
std::string PatternOf(std::string_view text) {
  std::string pattern;
  while (!text.empty()) {
    if (Consume(text, kNumber)) {
      pattern += "[0-9]+";
      continue;
    }
    const auto mask = std::find_if(std::begin(kMasks), std::end(kMasks),
                                   [&](std::string_view one) { return text.starts_with(one); });
    if (mask != std::end(kMasks)) {
      pattern += *mask;
      text.remove_prefix(mask->size());
      continue;
    }
    if (std::string_view("\\^$.|?*+()[]{}").find(text.front()) != std::string_view::npos) {
      pattern += '\\';
    }
    pattern += text.front();
    text.remove_prefix(1);
  }
  return pattern;
}

// A double-quoted YAML scalar, with escapes for what a reader would not see.
std::string Escaped(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t unseen = UnseenAt(text, at);
    if (unseen != 0) {
      quoted += EscapeOf(text.substr(at, unseen));
    } else {
      if (text[at] == '"' || text[at] == '\\') quoted += '\\';
      quoted += text[at];
    }
    at += std::max<std::size_t>(unseen, 1);
  }
  return quoted + "\"";
}

// A single-quoted YAML scalar, where all of the text is seen.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (UnseenAt(text, i) != 0) return Escaped(text);
    if (text[i] == '\'') quoted += '\'';
    quoted += text[i];
  }
  return quoted + "'";
}

}  // namespace

std::string ReplyTemplate(std::string_view text) {
  ReplyText reply;
  reply.Read(text);
  const std::string words = Printable(Trim(SpellMasks(reply.words())));
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!IsDigit(words[i])) {
      const char c = words[i];
      result += ToLower(c);
    } else if (i == 0 || !IsDigit(words[i - 1])) {
      result += kNumber;
    }
  }
  return std::string(Cut(result, kMaxTemplateBytes));
}

TemplateMiner::TemplateMiner(std::size_t capacity) : table_(capacity) {}

void TemplateMiner::Add(const Reply& reply, std::string_view domain) {
  const SpaceSaving::Added added = table_.Add(ReplyTemplate(reply.text), 1);
  if (samples_.size() <= added.slot) samples_.resize(added.slot + 1);
  if (!added.fresh) return;
  samples_[added.slot] = {Printable(Cut(reply.text, kMaxExampleBytes)), reply.code, reply.enhanced,
                          DomainLabel(domain)};
}

void TemplateMiner::Merge(const TemplateMiner& other) {
  for (std::size_t i = 0; i < other.table_.slots().size(); ++i) {
    const SpaceSaving::Slot& slot = other.table_.slots()[i];
    const SpaceSaving::Added added = table_.Add(slot.key, slot.count, slot.error);
    if (samples_.size() <= added.slot) samples_.resize(added.slot + 1);
    if (added.fresh) samples_[added.slot] = other.samples_[i];
  }
}

std::vector<MinedTemplate> TemplateMiner::Top(std::size_t n) const {
  std::vector<MinedTemplate> all;
  for (std::size_t i = 0; i < table_.slots().size(); ++i) {
    const SpaceSaving::Slot& slot = table_.slots()[i];
    const Sample& sample = samples_[i];
    all.push_back({slot.key, sample.example, slot.count, slot.error, sample.code, sample.enhanced,
                   sample.domain});
  }
  std::sort(all.begin(), all.end(), [](const MinedTemplate& a, const MinedTemplate& b) {
    return a.count != b.count ? a.count > b.count : a.text < b.text;
  });
  if (all.size() > n) all.resize(n);
  return all;
}

std::string DraftRules(const std::vector<MinedTemplate>& templates) {
  std::string out =
      "# Replies that no rule knows, the commonest first. Give each a name and a cause\n"
      "# (rules/RULES.md), drop what is too special, then run: bouncesight check FILE\n"
      "rules:\n";
  if (templates.empty()) return out.replace(out.size() - 7, 7, "rules: []\n");
  std::size_t number = 0;
  for (const MinedTemplate& one : templates) {
    if (one.text.empty()) continue;  // a bare code: nothing for a pattern to match
    out += "  - id: draft-" + std::to_string(++number) + "\n";
    out += "    cause: unclassified  # " + std::to_string(one.count) +
           (one.count == 1 ? " reply\n" : " replies\n");
    out += "    match: " + Quoted(PatternOf(one.text)) + "\n";
    out += "    examples:\n      - " + Quoted(one.example) + "\n";
  }
  return out;
}

}  // namespace bouncesight
