#include "rules/reply_scan.h"

#include <algorithm>
#include <new>
#include <utility>

#include <hs/hs.h>

namespace bouncesight {
namespace {

// "mx.example.com" of that name alone, and of a URL on it.
std::string_view HostOfLink(std::string_view link) {
  const std::size_t scheme = link.find("://");
  if (scheme != std::string_view::npos) link.remove_prefix(scheme + 3);
  return link.substr(0, link.find_first_of("/:?"));
}

}  // namespace

ReplyScan::ReplyScan(const CompiledRules& rules)
    : rules_(rules),
      taken_(std::max(rules.words.steps.size(), rules.links.steps.size())),
      marks_(rules.facts.size()) {
  touched_.reserve(rules.facts.size());
  for (const PatternTable* table : {&rules.words, &rules.links}) {
    for (const PatternDb* database : {&table->database, &table->own_database}) {
      if (database->empty() || hs_alloc_scratch(database->get(), &scratch_) == HS_SUCCESS) continue;
      hs_free_scratch(scratch_);
      throw std::bad_alloc();
    }
  }
}

ReplyScan::~ReplyScan() { hs_free_scratch(scratch_); }

template <bool link>
int ReplyScan::Callback(unsigned id, unsigned long long, unsigned long long, unsigned, void* self) {
  auto& scan = *static_cast<ReplyScan*>(self);
  scan.Report(link ? scan.rules_.links : scan.rules_.words, id, link);
  return 0;
}

void ReplyScan::Run(std::string_view reply) {
  replies_.Read(reply, text_);
  provider_ = ProviderId::kNone;
  provider_weight_ = 0;
  lists_ = {};
  named_ = false;
  StartRun();
  Scan(rules_.words, text_.words(), false);
  if (named_) {  // lists and providers that the names told stay known
    text_.MaskNames(rules_.names);
    StartRun();
    Scan(rules_.words, text_.words(), false);
  }
  Scan(rules_.links, text_.links(), true);
}

// Forgets the rules that were touched.
void ReplyScan::StartRun() {
  touched_.clear();
  ++run_;
  if (run_ != 0) return;
  marks_.assign(marks_.size(), RuleMark{});  // wrapped: no old mark may look fresh
  run_ = 1;
}

void ReplyScan::Scan(const PatternTable& table, std::string_view text, bool link) {
  if (table.expressions.empty() || text.empty()) return;
  bool fresh = true;
  entry_ = (link ? link_memo_ : word_memo_).Find(text, fresh);
  if (!fresh) {
    for (std::size_t i = 0; i < entry_->count; ++i) OnMatch(table, entry_->matches[i], link);
    return;
  }
  bool ask = table.always_ask;
  if (table.phrases.size() > 0) {
    folded_.Fold(text);
    ++scan_;
    table.phrases.Find(folded_, [&](std::uint32_t pattern, bool sure) {
      if (sure) return Report(table, pattern, link);
      const std::uint32_t program = table.steps.Find(pattern);
      ask = ask || program == StepPrograms::kNone;
      if (program != StepPrograms::kNone) TakeSteps(table, pattern, program, link);
    });
  }
  if (!ask) return;
  for (const PatternDb* database : {&table.database, &table.own_database}) {
    if (database->empty()) continue;
    hs_scan(database->get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch_,
            link ? Callback<true> : Callback<false>, this);
  }
}

// Several phrases of a pattern may be in the text; its steps are taken once.
void ReplyScan::TakeSteps(const PatternTable& table, std::uint32_t pattern, std::uint32_t program,
                          bool link) {
  if (std::exchange(taken_[program], scan_) == scan_) return;
  if (std::exchange(places_scan_, scan_) != scan_) places_.Read(folded_);
  if (places_.Hold(table.steps.program(program))) Report(table, pattern, link);
}

void ReplyScan::Report(const PatternTable& table, std::uint32_t pattern, bool link) {
  if (entry_ != nullptr) entry_->Add(pattern);
  OnMatch(table, pattern, link);
}

void ReplyScan::OnMatch(const PatternTable& table, std::uint32_t pattern, bool link) {
  const PatternRef& ref = table.refs[pattern];
  if (ref.owner == PatternOwner::kRule) {
    TouchRule(table, pattern, link);
  } else if (ref.owner == PatternOwner::kProvider) {
    const bool earlier = ref.index + 1 < static_cast<std::uint32_t>(provider_);
    if (provider_ == ProviderId::kNone || ref.weight > provider_weight_ ||
        (ref.weight == provider_weight_ && earlier)) {
      provider_ = static_cast<ProviderId>(ref.index + 1);
      provider_weight_ = ref.weight;
    }
  } else if (ref.owner == PatternOwner::kBlocklist) {
    NoteList(ref.index + 1, lists_);
  } else {
    named_ = true;
  }
}

void ReplyScan::TouchRule(const PatternTable& table, std::uint32_t pattern, bool link) {
  const PatternRef& ref = table.refs[pattern];
  RuleMark& mark = marks_[ref.index];
  if (mark.word_run != run_ && mark.link_run != run_) touched_.push_back(ref.index);
  std::uint32_t& last_run = link ? mark.link_run : mark.word_run;
  std::uint32_t& longest = link ? mark.link_pattern : mark.word_pattern;
  const bool first = last_run != run_;
  last_run = run_;
  if (first) {
    longest = pattern;
    return;
  }
  // Matches come in no order: of equal ones the first by number counts.
  const std::uint16_t weight = table.refs[longest].weight;
  if (ref.weight > weight || (ref.weight == weight && pattern < longest)) longest = pattern;
}

RuleHit ReplyScan::hit(std::uint32_t rule) const {
  const RuleMark& mark = marks_[rule];
  RuleHit hit;
  if (mark.word_run == run_) {
    hit.word = true;
    hit.word_pattern = mark.word_pattern;
    hit.weight += rules_.words.refs[mark.word_pattern].weight;
  }
  if (mark.link_run == run_) {
    hit.link = true;
    hit.link_pattern = mark.link_pattern;
    hit.weight += rules_.links.refs[mark.link_pattern].weight;
  }
  return hit;
}

// The file has the special lists first, so the first one found counts.
void ReplyScan::NoteList(std::uint32_t list, ListsByKind& lists) const {
  std::uint32_t& first = lists[static_cast<std::size_t>(rules_.blocklists[list - 1].kind)];
  if (first == 0 || list < first) first = list;
}

std::string_view ReplyScan::blocklist(bool domain) const {
  ListsByKind lists = lists_;
  for (std::string_view rest = links(); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    if (const std::uint16_t list = rules_.zones.Find(HostOfLink(rest.substr(0, end))); list != 0) {
      NoteList(list, lists);
    }
    rest.remove_prefix(end + 1);
  }
  const std::uint32_t wanted = lists[domain ? 1 : 0];
  const std::uint32_t list = wanted != 0 ? wanted : lists[domain ? 0 : 1];
  return list == 0 ? std::string_view() : std::string_view(rules_.blocklists[list - 1].name);
}

}  // namespace bouncesight
